import pyb, time
n = 0
def tick(t):
    global n
    n += 1
def count(ms):
    global n
    n = 0
    time.sleep_ms(ms)
    return n
t = pyb.Timer(4, freq=100, callback=tick)
print(count(105))
t.init(freq=20)                  # the callback stays
print(t, count(105))
t.init(freq=10, callback=None)   # None is what is not given
print(count(205))
t.callback(None)
print(count(105))
t.init(freq=100)
print(count(105))
t.callback(tick)
print(count(105))
t.deinit()
t.init(freq=100)
print(count(105))
