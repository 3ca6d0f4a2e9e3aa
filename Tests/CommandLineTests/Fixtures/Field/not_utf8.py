import io, json, os, re
def t(f):
    try: print(repr(f()))
    except Exception as e: print(repr(e))
data = [b'abc\xff\xfe\n', b'\x80\x81abc', b'\xc3\xa9\xc3', b'\xe2\x82\xac\xf0\x9f\x98\x80z', b'\xf8abcd\n', b'a\xc3\xa9\xe2\x82\xacb\nq']
for d in data:
    with open('t.bin','wb') as f: f.write(d)
    for m in ('r','rb'):
        for n in (-1, 1,2,3,4,5,6,10):
            with open('t.bin',m) as f: t(lambda: f.read(n)); t(lambda: f.read(2))
        with open('t.bin',m) as f: t(lambda: f.readline())
        with open('t.bin',m) as f: t(lambda: f.readlines())
        with open('t.bin',m) as f: t(lambda: list(f))
        with open('t.bin',m) as f: t(lambda: f.readline(2))
os.remove('t.bin')
t(lambda: json.loads(b'"\xff"'))
t(lambda: json.loads('"\\ud800"'))
s = io.StringIO(); s.write('\xe9'); s.seek(1); s.write('a')
t(s.getvalue)
s.seek(0); t(lambda: s.read(1))
t(lambda: re.match('.', '\xe9').group(0))
t(lambda: re.match('..', '\xe9').group(0))
t(lambda: re.search('(.)', 'a\xe9').group(1))
t(lambda: re.compile('.').split('a\xe9'))
t(lambda: str(b'\xff','utf8'))
t(lambda: b'\xff'.decode())
t(lambda: 'abc\xe9'.encode('ascii'))
