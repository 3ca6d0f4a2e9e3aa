# Uses each device of `everything.yaml` once a second for as many seconds as the argument says.
import framebuf
import neopixel
import onewire
import sys
import time
from machine import I2C, UART, Pin

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10

line = onewire.OneWire(Pin("X1"))
roms = line.scan()
bus = I2C("X", freq=400000)
gps = UART(2, 9600, rxbuf=1000, timeout=0)
rows = [Pin("Y%d" % n, Pin.OUT, value=1) for n in range(1, 5)]
columns = [Pin("Y%d" % n, Pin.IN, Pin.PULL_UP) for n in range(5, 9)]
strip = neopixel.NeoPixel(Pin("X6"), 100)
buffer = bytearray(1024)
frame = framebuf.FrameBuffer(buffer, 128, 64, framebuf.MONO_VLSB)
bus.writeto(0x3C, bytes((0, 0x20, 0, 0xA1, 0xC8, 0xAF)))
sentences = pressed = read = 0
start = time.ticks_ms()
for second in range(SECONDS):
    line.reset()
    line.writebyte(0xCC)
    line.writebyte(0x44)
    for target in range(8):
        bus.writeto(0x20 + target, bytes((second & 0xFF,)))
        read += bus.readfrom(0x20 + target, 1)[0] == second & 0xFF
        bus.writeto_mem(0x50 + target, second & 0x7F, bytes((second & 0xFF,)))
    for number in range(100):
        strip[number] = (second & 0xFF, number, 0)
    strip.write()
    for row in rows:
        row(0)
        pressed += sum(not column() for column in columns)
        row(1)
    frame.fill(0)
    frame.text("%d s" % second, 0, 0)
    bus.writeto(0x3C, bytes((0, 0x21, 0, 127, 0x22, 0, 7)))
    bus.writevto(0x3C, (b"\x40", buffer))
    if second:
        for rom in roms:
            line.reset()
            line.select_rom(rom)
            line.writebyte(0xBE)
            scratch = bytearray(line.readbyte() for _ in range(9))
            read += line.crc8(scratch) == 0
    sentences += (gps.read() or b"").count(b"$")
    time.sleep_ms(time.ticks_diff(start, time.ticks_ms()) + 1000 * (second + 1))
print(len(roms), read, pressed, sentences)
