#!/usr/bin/env python3
"""Boards that run a short program, one after the other in one process: boards.py VPYBOARD COUNT"""
import json
import subprocess
import sys


def main(vpyboard, count):
    server = subprocess.Popen([vpyboard, "serve", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(method, **params):
        server.stdin.write(json.dumps({"method": method, "params": params}) + "\n")
        server.stdin.flush()
        return json.loads(server.stdout.readline())["result"]

    for _ in range(int(count)):
        ask("open")
        ask("start", source="print(1)")
        ask("advance", time="1ms")
        assert ask("output") == "1\n"
    server.stdin.close()
    server.wait()


main(*sys.argv[1:])
