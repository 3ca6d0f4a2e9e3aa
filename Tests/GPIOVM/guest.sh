#!/bin/sh
# What the tests of tools/test-gpio do inside the virtual machine, with busybox's shell: firmware on simulated lines, seen
# from outside. Arguments: the folder of the built programs, the repository, the first number of libgpiod's version.
programs=$1 repository=$2 library=$3
firmware=$repository/Tests/GPIOVM/Firmware
examples=$repository/Examples
out=/tmp/out err=/tmp/err trace=/tmp/trace
failures=0 tests=0

# ---- Lines from outside ----

put_high() { echo pull-up >$GPIOVM_SIM/sim_gpio$1/pull; }
put_low() { echo pull-down >$GPIOVM_SIM/sim_gpio$1/pull; }
level() { cat $GPIOVM_SIM/sim_gpio$1/value; }
is_at() { # without a process: it is asked again and again
  read value <$GPIOVM_SIM/sim_gpio$1/value
  [ $value = $2 ]
}
mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t debugfs debugfs /sys/kernel/debug
users() { grep '|vpyboard ' /sys/kernel/debug/gpio; }
info() { $programs/vpyboard gpio gpiovm | grep "GPIO$1 "; } # what vpyboard says about a line

# What the kernel has been told to do with lines, which shows how they were left: the simulator forgets it.
mount -t tracefs tracefs /sys/kernel/tracing
orders=/sys/kernel/tracing/trace
echo 1 >/sys/kernel/tracing/events/gpio/enable
forget_orders() { : >$orders; }
last_order() { # last_order LINE: "set 0", "set 1", "in", "out"
  sed -n "s/.*gpio_\(value\|direction\): *$((first_line + $1)) *\(set [01]\|in\|out\).*/\2/p" $orders | tail -n 1
}

# ---- Running ----

board="--backend gpiod --board raspberry-pi --chip gpiovm"
run() { timeout 60 $programs/vpyboard run $board "$@" >$out 2>$err; status=$?; }
run_swift() { name=$1; shift; timeout 60 $programs/$name $board "$@" >$out 2>$err; status=$?; }
start() { $programs/vpyboard run $board "$@" >$out 2>$err & running=$!; }
start_swift() { name=$1; shift; $programs/$name $board "$@" >$out 2>$err & running=$!; }
finish() { # waits for what start started, not for ever
  i=0
  while kill -0 $running 2>/dev/null && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
  kill -9 $running 2>/dev/null && echo "  it did not end" && failed=1
  wait $running 2>/dev/null
  status=$?
}
wait_for() { # wait_for TEXT [COUNT]: until standard output has it in that many lines
  i=0
  while [ $(grep -c "$1" $out) -lt ${2:-1} ]; do
    sleep 0.1
    i=$((i + 1))
    [ $i -lt 300 ] || { echo "  never said \"$1\""; failed=1; return; }
  done
}
wait_until() { # wait_until COMMAND...: until it succeeds
  i=0
  until "$@"; do
    sleep 0.1
    i=$((i + 1))
    [ $i -lt 300 ] || { echo "  never: $*"; failed=1; return; }
  done
}

pulse() { # pulse COUNT: so many times high and low, each edge when the firmware has said that it saw the one before
  n=0
  while [ $n -lt $((2 * $1)) ]; do
    put_high 4
    n=$((n + 1))
    [ "$2" = falling ] || wait_for "^seen $n\$"
    put_low 4
    n=$((n + 1))
    [ "$2" = falling ] && wait_for "^seen $((n / 2))\$" || wait_for "^seen $n\$"
  done
}

# ---- Judging ----

begin() { title=$1 failed= tests=$((tests + 1)); : >$out; : >$err; read began rest </proc/uptime; }
expect() { # expect WHAT WANTED GOT
  [ "$2" = "$3" ] || { echo "  $1: wanted \"$2\", got \"$3\""; failed=1; }
}
expect_text() { grep -qF -- "$2" $1 || { echo "  $1 lacks \"$2\""; failed=1; }; }
end() {
  read ended rest </proc/uptime
  took=$((${ended%.*} - ${began%.*}))
  if [ -z "$failed" ]; then echo "ok   $title ($took s)"; return; fi
  failures=$((failures + 1))
  echo "FAIL $title ($took s)"
  sed 's/^/  out: /' $out
  sed 's/^/  err: /' $err
}

# ---- Finding chips and lines ----

begin "gpio lists chips, lines and users"
$programs/vpyboard gpio >$out 2>$err
expect status 0 $?
expect_text $out "$(basename $GPIOVM_CHIP) [gpiovm] 28 lines"
expect_text $out 'GPIO17'
expect_text $out 'used by "hog"'
expect_text $out "[no-bias] 28 lines"
end

begin "no libgpiod: what to install; virtual boards do not need it"
env -u LD_LIBRARY_PATH $programs/vpyboard run $board -c pass >$out 2>$err
expect status 2 $?
expect_text $err "libgpiod is not installed"
expect_text $err "sudo apt install libgpiod3"
env -u LD_LIBRARY_PATH $programs/vpyboard run -c 'print(6 * 7)' >$out 2>/dev/null
expect output 42 "$(cat $out)"
end

begin "a chip that is not there: what was looked for and what there is"
timeout 60 $programs/vpyboard run --backend gpiod --board raspberry-pi -c 'pass' >$out 2>$err
expect status 2 $?
expect_text $err "no GPIO chip is called pinctrl-rp1, pinctrl-bcm2711"
expect_text $err "there is $(basename $GPIOVM_CHIP) [gpiovm]"
end

begin "a chip by device file"
timeout 60 $programs/vpyboard run --backend gpiod --board raspberry-pi --chip $GPIOVM_CHIP \
  -c 'from machine import Pin; print(Pin(5, Pin.IN).value())' >$out 2>$err
expect status 0 $?
expect output 0 "$(cat $out)"
end

begin "a chip that the board file names"
sed 's/^  chips: .*/  chips: [nobody, gpiovm]/' $repository/Boards/raspberry-pi.yaml >/tmp/chips.yaml
timeout 60 $programs/vpyboard run --backend gpiod --board /tmp/chips.yaml \
  -c 'from machine import Pin; print(Pin(5, Pin.IN).value())' >$out 2>$err
expect status 0 $?
expect output 0 "$(cat $out)"
end

begin "a board without lines"
timeout 60 $programs/vpyboard run --backend gpiod --chip gpiovm -c pass >$out 2>$err
expect status 2 $?
expect_text $err "pyboard-v1.1 does not say which lines its pins are"
end

begin "no permission: the device and its group"
chgrp gpio $GPIOVM_CHIP && chmod 660 $GPIOVM_CHIP
su user -s /bin/sh -c "$programs/vpyboard run $board -c pass" >$out 2>$err
expect status 2 $?
expect_text $err "no permission to open $GPIOVM_CHIP, which belongs to user root and group gpio"
expect_text $err "sudo usermod -aG gpio"
end

# ---- Output and input ----

forget_orders
run -c 'from machine import Pin; Pin(5, Pin.OUT, value=1)'
first_line=$(($(sed -n 's/.*gpio_value: *\([0-9]*\) set 1.*/\1/p' $orders | head -n 1) - 5))

begin "pins behave as virtual ones do"
timeout 100 $programs/tests --testing-library swift-testing --no-parallel --filter PinBehaviourTests >$out 2>$err
expect status 0 $?
expect_text $err "pins → kernel"
for line in 4 5 6 7 8 17 24; do put_low $line; done
end

begin "serial ports and buses of the kernel"
timeout 100 $programs/tests --testing-library swift-testing --no-parallel --filter '^LinuxGPIOTests\.(Serial|I2C|SPI)DeviceTests' >$out 2>$err
expect status 0 $?
expect_text $err "with 8 tests"
end

begin "an output is seen on the line, and let go of at the end"
start $firmware/output.py
wait_for "^high"
expect "line 5" 1 $(level 5)
put_high 25
wait_for "^low"
expect "line 5" 0 $(level 5)
put_low 25
finish
expect status 0 $status
expect users "" "$(users)"
end

begin "an input reads the line; pulls; reading back an output"
put_high 6
run -c '
from machine import Pin
print(Pin(6, Pin.IN).value(), Pin("GPIO7", Pin.IN).value(), Pin("J8_24", Pin.IN, Pin.PULL_UP).value())
p = Pin(9, Pin.OUT, value=1)
print(p(), p.value())
p(0)
print(p())
Pin(8, Pin.IN, Pin.PULL_DOWN)
print(Pin(8).value())'
expect output "1 0 1;1 1;0;0;" "$(tr '\n' ';' <$out)"
put_low 6
end

begin "pyb.Switch and pyb.Pin are lines"
start -c 'import pyb, time
switch = pyb.Switch()
switch.callback(lambda: print("pressed"))
print("ready", switch(), pyb.Pin("J8_18").value())
while not switch(): time.sleep_ms(5)
time.sleep_ms(50)
print("held", switch())
switch.callback(None)'
wait_for "^ready"
put_low 24
finish
expect output "ready False 1;pressed;held True;" "$(tr '\n' ';' <$out)"
end

# The simulator shows what an open-drain line was at when it was let go of, so both levels are put on it before.
begin "open drain drives low and nothing else"
put_low 10
run -c 'from machine import Pin
print(Pin(10, Pin.OPEN_DRAIN, value=1)())'
expect output 0 "$(cat $out)"
put_high 10
start $firmware/open_drain.py
wait_for "^let go 1"
expect "line 10" 1 $(level 10)
expect "last order for line 10" in "$(last_order 10)"
put_high 25
info 10 >/tmp/info
expect_text /tmp/info 'output  open-drain  used by "vpyboard"'
wait_for "^low 0"
expect "line 10" 0 $(level 10)
put_low 25
finish
expect status 0 $status
put_low 10
end

begin "open source drives high and nothing else"
sed 's/^    GPIO17: .*/    GPIO12: {drive: open-source}/' $repository/Boards/raspberry-pi.yaml >/tmp/open-source.yaml
timeout 60 $programs/vpyboard run --backend gpiod --board /tmp/open-source.yaml --chip gpiovm \
  -c 'from machine import Pin
import time
p = Pin(12, Pin.OUT, value=1)
print("high")
step = Pin(25, Pin.IN)
while not step(): time.sleep_ms(5)
p(0)
print("let go")
while step(): time.sleep_ms(5)' >$out 2>$err &
running=$!
wait_for "^high"
expect "line 12" 1 $(level 12)
info 12 >/tmp/info
expect_text /tmp/info "open-source"
put_high 25
wait_for "^let go"
# The simulator shows what it was at when it was let go of.
expect "last order for line 12" in "$(last_order 12)"
put_low 25
finish
expect status 0 $status
end

begin "an active-low input from the board file: level and edges"
sed 's/^    GPIO18: .*/    GPIO18: {active-low: true}/' $repository/Boards/raspberry-pi.yaml >/tmp/active-low.yaml
put_high 18
timeout 60 $programs/vpyboard run --backend gpiod --board /tmp/active-low.yaml --chip gpiovm \
  -c 'from machine import Pin
import time
p = Pin(18, Pin.IN)
print("reads", p())
seen = []
p.irq(lambda p: seen.append(p()), Pin.IRQ_RISING)
print("ready")
while not seen: time.sleep_ms(5)
print("rising", seen[0])
p.irq(None)' >$out 2>$err &
running=$!
wait_for "^ready"
info 18 >/tmp/info
expect_text /tmp/info "active-low"
put_low 18
finish
expect output "reads 0;ready;rising 1;" "$(tr '\n' ';' <$out)"
end

begin "an active-low output from the board file"
sed 's/^    GPIO17: .*/    GPIO17: {active-low: true, safe: low}/' $repository/Boards/raspberry-pi.yaml >/tmp/active-low.yaml
put_high 17
timeout 60 $programs/vpyboard run --backend gpiod --board /tmp/active-low.yaml --chip gpiovm \
  -c 'from machine import Pin
p = Pin(17, Pin.OUT, value=0)
import time
print("set")
time.sleep(30)' >$out 2>$err &
running=$!
wait_for "^set"
expect "line 17" 1 $(level 17)
kill -TERM $running
finish
put_low 17
end

# ---- Errors ----

begin "a line in use names who has it"
run -c 'from machine import Pin
try:
    Pin(3, Pin.OUT)
except OSError as e:
    print(e.errno, e.args[1])'
expect status 0 $status
expect_text $out "16 GPIO3 (line 3 of $(basename $GPIOVM_CHIP) [gpiovm]) is in use by \"hog\""
end

begin "a line in use, uncaught"
run -c 'from machine import Pin; Pin(3, Pin.OUT)'
expect status 1 $status
expect_text $err 'OSError: (16, '
end

begin "a line that another process holds"
start -c 'from machine import Pin
import time
Pin(11, Pin.OUT, value=1)
print("held")
time.sleep(30)'
other=$running
wait_for "^held"
timeout 60 $programs/vpyboard run $board -c 'from machine import Pin; Pin(11, Pin.IN).value()' >/tmp/out2 2>/tmp/err2
expect status 1 $?
expect_text /tmp/err2 'is in use by "vpyboard"'
kill -TERM $other
running=$other
finish
end

begin "a line that the chip does not have"
sed 's/^    GPIO17: .*/    GPIO17: {names: [FAN]}/' $repository/Boards/raspberry-pi.yaml >/tmp/no-line.yaml
timeout 60 $programs/vpyboard run --backend gpiod --board /tmp/no-line.yaml --chip gpiovm \
  -c 'from machine import Pin; Pin(17, Pin.OUT)' >$out 2>$err
expect status 1 $?
expect_text $err "has no line called FAN; it has GPIO0–GPIO27"
end

begin "a pull that the chip does not have; without one its inputs work"
run_on() { timeout 60 $programs/vpyboard run --backend gpiod --board raspberry-pi --chip "$@" >$out 2>$err; status=$?; }
run_on no-bias -c 'from machine import Pin
print(Pin(5, Pin.IN).value())
try:
    Pin(5, Pin.IN, Pin.PULL_UP)
except OSError as e:
    print(e.errno, e.args[1])
print(Pin(5, Pin.IN).value())'
expect status 0 $status
expect_text $out "95 GPIO5 (line 5 of "
expect_text $out "[no-bias]) cannot have a pull-up (Invalid argument): wire a resistor of 10 kΩ from the pin to 3.3 V"
expect "levels" "0;0;" "$(sed -n '1p;$p' $out | tr '\n' ';')"
end

begin "a refused line in Swift: caught where it is claimed, else the end of the run"
forget_orders
run_swift gpio-claim
expect status 1 $status
expect_text $out "caught 16: GPIO3 (line 3 of $(basename $GPIOVM_CHIP) [gpiovm]) is in use by \"hog\""
expect_text $out "instead high"
expect "not reached" "" "$(grep reached $out)"
expect_text $err "Error: GPIO3 (line 3 of $(basename $GPIOVM_CHIP) [gpiovm]) is in use by \"hog\""
expect users "" "$(users)"
expect "last order for line 5" "in" "$(last_order 5)"
end

begin "analogue and alternate functions are refused"
run -c 'from machine import Pin; Pin(17, Pin.ANALOG)'
expect status 1 $status
expect_text $err "is a GPIO line of this machine, which is digital"
end

begin "an LED's intensity, an accelerometer"
run -c 'import pyb
pyb.LED(1).intensity(100)
print(pyb.LED(1).intensity())
try:
    pyb.Accel()
except Exception as e:
    print(type(e).__name__)'
expect output "255" "$(head -1 $out)"
expect_text $err "no-intensity"
end

begin "wires and stimuli are for virtual pins"
run --wire X1-X2 -c pass
expect status 2 $status
run --at 1s:press=USR -c pass
expect status 2 $status
run --speed 1 -c pass
expect status 2 $status
end

# ---- Edges ----

begin "both edges reach a hard Python handler, in order, with the kernel's time"
start --trace $trace $firmware/edges.py
wait_for "^ready"
pulse 3
finish
expect status 0 $status
expect levels 101010 "$(tail -1 $out)"
expect trace "low high low high low high low" "$(awk '$2 == "pin" && $3 == "J8_7" { printf "%s%s", s, $4; s = " " }' $trace)"
expect "times in order" yes "$(awk '$2 == "pin" && $3 == "J8_7" { if ($1 <= t) bad = 1; t = $1 } END { print bad ? "no" : "yes" }' $trace)"
end

begin "both edges reach a soft Python handler"
start $firmware/edges.py -- soft
wait_for "^ready"
pulse 3
finish
expect levels 101010 "$(tail -1 $out)"
end

begin "both edges reach a Swift handler, in order, with increasing kernel time"
start_swift gpio-edges --trace $trace
wait_for "^ready"
for i in 1 2 3; do put_high 4; sleep 0.1; put_low 4; sleep 0.1; done
finish
expect status 0 $status
expect output "ready;high low high low high low;times increase: true;after power-on: true;on thread: interrupt;" \
  "$(tr '\n' ';' <$out)"
end

begin "only the edges that were asked for"
start $firmware/edges.py -- falling
wait_for "^ready"
pulse 6 falling
finish
expect levels 000000 "$(tail -1 $out)"
end

begin "a ThreadSafeFlag wakes a task from a real edge"
start $firmware/flag.py
wait_for "^waiting"
put_high 4
wait_for "^woken"
put_low 4
finish
expect status 0 $status
end

begin "40 edges while the firmware stands still: the kernel keeps 16, the loss is told"
start $firmware/burst.py
wait_for "^ready"
kill -STOP $running
i=0
while [ $i -lt 20 ]; do put_high 4; put_low 4; i=$((i + 1)); done
kill -CONT $running
finish
expect status 0 $status
# The firmware may have taken one edge before it stood still.
if grep -q "^17 edges" $out; then kept=17; else kept=16; fi
expect_text $out "$kept edges"
expect_text $err "edges-lost"
if [ $library = 2 ]; then expect_text $err "$((40 - kept)) edges got lost"; else expect_text $err "may have got lost"; fi
end

begin "a pin's mode changes under an interrupt"
start $firmware/modes.py
wait_for "^input"
put_high 4
wait_for "^edge 1"
wait_for "^output"
wait_until is_at 4 0
put_high 25
wait_for "^input again"
put_low 25
put_low 4
put_high 4
wait_for "^edge 2"
finish
expect status 0 $status
put_low 4
end

begin "the kernel's debouncing from the board file"
sed 's/^    GPIO4: .*/    GPIO4: {debounce: 200ms}/' $repository/Boards/raspberry-pi.yaml >/tmp/debounce.yaml
$programs/vpyboard run --backend gpiod --board /tmp/debounce.yaml --chip gpiovm $firmware/burst.py >$out 2>$err &
running=$!
wait_for "^ready"
put_high 4; put_low 4; put_high 4; put_low 4; put_high 4
finish
if [ $library = 2 ]; then expect_text $out "1 edges"; else expect_text $err "no-debounce"; fi
put_low 4
end

# ---- Ends ----

hold='
from machine import Pin
import time
Pin(17, Pin.OUT, value=1)
Pin(5, Pin.OUT, value=1)
Pin(4, Pin.IN).irq(lambda p: None)
print("holds")
'
let_go() { # let_go HOW: lines are free, outputs were set to their safe states first: low, input
  expect "users after $1" "" "$(users)"
  expect "last order for line 17 after $1" "set 0" "$(last_order 17)"
  expect "last order for line 5 after $1" "in" "$(last_order 5)"
  forget_orders
}
begin "SIGTERM: safe states, lines free"
forget_orders
put_high 17
start -c "$hold
time.sleep(30)"
wait_for "^holds"
expect "line 17" 1 $(level 17)
expect users 3 $(users | wc -l)
kill -TERM $running
finish
expect status 143 $status
let_go SIGTERM
put_low 17
end

begin "SIGTERM while the firmware never looks up"
start -c "$hold
while True: pass"
wait_for "^holds"
kill -TERM $running
finish
expect status 143 $status
let_go SIGTERM
end

begin "Ctrl-C twice, an exception, sys.exit, the end: safe states, lines free"
# In the foreground: a shell lets what it starts in the background ignore Ctrl-C.
(
  wait_for "^holds"
  kill -INT $(pidof vpyboard)
  wait_for "^once"
  kill -INT $(pidof vpyboard)
) &
run -c "$hold
while True:
    try:
        time.sleep(30)
    except KeyboardInterrupt:
        print('once')"
expect status 130 $status
let_go Ctrl-C
run -c "$hold
raise ValueError('enough')"
expect status 1 $status
let_go "an exception"
run -c "$hold
import sys
sys.exit(3)"
expect status 3 $status
let_go sys.exit
run -c "$hold
Pin(4).irq(None)"
expect status 0 $status
let_go "the end"
end

begin "Ctrl-C in Swift: safe states, lines free"
forget_orders
(
  wait_until is_at 17 1
  kill -INT $(pidof Blink)
) &
run_swift Blink
expect status 130 $status
expect_text $err Interrupted
expect users "" "$(users)"
expect "last order for line 17" "set 0" "$(last_order 17)"
end

begin "kill -9: lines free"
start -c "$hold
time.sleep(30)"
wait_for "^holds"
kill -9 $running
wait $running 2>/dev/null
expect users "" "$(users)"
run -c "$hold
Pin(4).irq(None)"
expect status 0 $status
end

# ---- Examples: the very files that run on the virtual board. They run for ever. ----

stop() {
  kill -TERM $running
  finish
  expect status 143 $status
  expect users "" "$(users)"
}
begin "blink.py"
start $examples/blink/blink.py
wait_until is_at 17 1
wait_until is_at 17 0
wait_until is_at 17 1
stop
end

begin "Blink in Swift"
start_swift Blink
wait_until is_at 17 1
wait_until is_at 17 0
wait_until is_at 17 1
stop
end

press() { # press N: the N-th press of the button, which bounces no longer than 50 ms
  put_low 24
  wait_for "^Pressed" $1
  put_high 24
  sleep 0.5
}
put_high 24
begin "button.py"
start $examples/button/button.py
wait_for "^Press the"
press 1
wait_until is_at 17 1
press 2
wait_until is_at 17 0
stop
end

begin "Button in Swift"
start_swift Button
wait_for "^Press the"
press 1
wait_until is_at 17 1
press 2
wait_until is_at 17 0
stop
end

jumper() { # GPIO21 is wired to GPIO20, until the run ends
  while kill -0 $running 2>/dev/null; do
    if is_at 21 1; then put_high 20; else put_low 20; fi
    sleep 0.02
  done
}
begin "pin_edge.py"
start $examples/pin_edge/pin_edge.py
jumper &
wait_for "^Got edge" 2
stop
end

begin "PinEdge in Swift"
start_swift PinEdge
jumper &
wait_for "^Got edge" 2
stop
end

begin "traffic_light.py"
start $examples/traffic_light/traffic_light.py
wait_until is_at 17 1
wait_until is_at 22 1
wait_until is_at 27 1
stop
end

begin "TrafficLight in Swift"
start_swift TrafficLight
wait_until is_at 17 1
wait_until is_at 22 1
wait_until is_at 27 1
stop
end

# ---- The chip goes away: last, it does not come back ----

begin "a chip that goes away ends the run with an error, in Python and in Swift"
start_swift gpio-edges
swift=$running
wait_for "^ready"
$programs/vpyboard run $board -c "
from machine import Pin
import time
Pin(17, Pin.OUT, value=1)
print('holds')
time.sleep(30)" >/tmp/out2 2>/tmp/err2 &
running=$!
wait_until grep -q "^holds" /tmp/out2
echo 0 >$GPIOVM_LIVE
finish
expect status 1 $status
expect_text /tmp/err2 "has gone away"
running=$swift
finish
expect status 1 $status
expect_text $err "has gone away"
end

begin "no chip at all"
echo 0 >$GPIOVM_BIASLESS_LIVE
run -c pass
expect status 2 $status
expect_text $err "this machine has no GPIO chip"
end

echo "$((tests - failures)) of $tests tests passed with libgpiod $library"
[ $failures = 0 ]
