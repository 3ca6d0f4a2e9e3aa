# Each press of the button interrupts, wakes a task and switches an LED: USR on a Pyboard, a button between GPIO24 and
# ground on a Raspberry Pi. Runs until it is interrupted.
#
#     vpyboard run button.py --at 1s:press=USR --at 1.2s:release=USR --for 2s
#     vpyboard run --backend gpiod --board raspberry-pi button.py

import asyncio
from machine import Pin
from pyb import LED

DEBOUNCE_MS = 50


async def main():
    pressed = asyncio.ThreadSafeFlag()
    button = Pin("SW", Pin.IN, Pin.PULL_UP)
    button.irq(lambda _: pressed.set(), Pin.IRQ_FALLING, hard=True)
    led = LED(1)
    print("Press the button.")
    try:
        while True:
            await pressed.wait()
            led.toggle()
            print("Pressed")
            await asyncio.sleep_ms(DEBOUNCE_MS)  # a contact bounces
            pressed.clear()
    finally:
        button.irq(None)
        led.off()


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
