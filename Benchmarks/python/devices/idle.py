# Sleeps with all devices of `everything.yaml` wired; the argument is how many seconds.
import sys
import time

time.sleep(int(sys.argv[1]))
