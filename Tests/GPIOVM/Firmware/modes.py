# A pin with an interrupt becomes an output and an input again; its handler stays. GPIO25 tells when to go on.
import sys
import time
from machine import Pin

edges = 0


def handler(_):
    global edges
    edges += 1


def wait(count):
    while edges < count:
        time.sleep_ms(5)
    print("edge", edges)


pin = Pin(4, Pin.IN)
pin.irq(handler, Pin.IRQ_RISING, hard=True)
print("input")
wait(1)
pin.init(Pin.OUT, value=0)
print("output")
step = Pin(25, Pin.IN)
while not step():
    time.sleep_ms(5)
pin.init(Pin.IN)
print("input again")
wait(2)
sys.exit()
