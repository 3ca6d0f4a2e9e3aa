# Reads a DHT22 every two seconds for as many seconds as the argument says.
import dht
import sys
import time
from machine import Pin

sensor = dht.DHT22(Pin("X1"))
count = 0
for _ in range(int(sys.argv[1]) // 2):
    sensor.measure()
    count += sensor.temperature() == 21.5
    time.sleep_ms(1996)
print(count)
