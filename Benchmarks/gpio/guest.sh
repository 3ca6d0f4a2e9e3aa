#!/bin/sh
# What tools/bench-gpio measures inside the virtual machine. Arguments: the folder of the programs, the repository.
programs=$1 repository=$2
board="--backend gpiod --board raspberry-pi --chip gpiovm"
out=/tmp/out trace=/tmp/trace

median() { sort -n | awk '{ all[NR] = $1 } END { print NR ? all[int((NR + 1) / 2)] : "?" }'; }
edges() { # rising edges of line 4, as long as somebody counts them
  # Asleep meanwhile: whoever looks again and again takes time from the writes that are being measured.
  sleep 2
  while ! grep -q ready $out; do sleep 0.05; done
  while kill -0 $running 2>/dev/null; do
    echo pull-up >$GPIOVM_SIM/sim_gpio4/pull
    sleep 0.02
    echo pull-down >$GPIOVM_SIM/sim_gpio4/pull
    sleep 0.02
  done
}

c=$($programs/writes $GPIOVM_CHIP | median)
: >$out
$programs/bench-gpio $board >$out &
running=$!
edges
swift=$(awk '$1 == "writes" { print $2 }' $out | median)
python=$($programs/vpyboard run $board $repository/Benchmarks/gpio/writes.py | median)
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $c }"; }
echo "pin writes a second (median of 5 rounds; the ratio is to gpiod's C library)"
echo "  C       $c"
echo "  Swift   $swift  $(ratio $swift)"
echo "  Python  $python  $(ratio $python)"
echo "edge of the kernel to the handler, to a task (median of 100, in microseconds)"
echo "  Swift   $(awk '$1 == "handler" { print $2 }' $out | median)  $(awk '$1 == "task" { print $2 }' $out | median)"

: >$out
$programs/vpyboard run $board --trace $trace $repository/Benchmarks/gpio/flag.py >$out &
running=$!
edges
handler=$(awk '$2 == "pin" && $4 == "high" { t = $1 } $2 == "interrupt" && $4 == "entry" { printf "%d\n", ($1 - t) * 1000000 }' $trace | median)
# Each task's time beside the last edge before it.
task=$({
  awk '$2 == "pin" && $4 == "high" { printf "%d edge\n", $1 * 1000000 }' $trace
  awk '$1 == "task" { print $2, "task" }' $out
} | sort -n | awk '$2 == "edge" { edge = $1 } $2 == "task" { print $1 - edge }' | median)
echo "  Python  $handler  $task"
