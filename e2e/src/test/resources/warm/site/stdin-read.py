#!/usr/bin/python3
import fileinput
import os
import select
import subprocess
import sys

print("Content-Type: text/plain\n")
query = os.environ["QUERY_STRING"]
length = int(os.environ.get("CONTENT_LENGTH") or 0)
if query == "lines":
    for number, line in enumerate(sys.stdin):
        print(number, repr(line))
elif query == "readline":
    print(repr(sys.stdin.readline()), repr(sys.stdin.readline(3)), repr(sys.stdin.readline()))
    print(repr(sys.stdin.newlines), sys.stdin.readlines())
elif query == "read":
    print(repr(sys.stdin.read(length)))
elif query == "buffer":
    print(sys.stdin.buffer.read(length), sys.stdin.buffer.read())
elif query == "raw":
    print(sys.stdin.buffer.raw.read(5), os.read(0, 4), sys.stdin.buffer.read1(3))
elif query == "os":
    pieces = []
    while pieces[-1:] != [b""]:
        pieces.append(os.read(0, 65536))
    print(b"".join(pieces))
elif query == "input":
    print(repr(input()), repr(input("prompt> ")))
    while True:
        input()
elif query == "open":
    with open(0, closefd=False) as again:
        print(repr(again.read()), again.name)
elif query == "device":
    print(repr(open("/dev/stdin", "rb").read()))
elif query == "fileinput":
    sys.argv = ["x"]
    for line in fileinput.input():
        print(fileinput.filename(), fileinput.lineno(), repr(line))
elif query == "child":
    print(repr(os.read(0, 3)), flush=True)
    subprocess.run(["/bin/cat"])
elif query == "peek":
    print(sys.stdin.buffer.peek(1)[:1], select.select([0], [], [], 5)[0], sys.stdin.read(1))
elif query == "closed":
    sys.stdin.close()
    print(sys.stdin.closed, repr(sys.stdin))
    sys.stdin.read()
elif query == "bytes":
    text = sys.stdin.read()
    print(ascii(text), sys.stdin.errors)
elif query == "strict":
    sys.stdin.reconfigure(errors="strict")
    sys.stdin.read()
elif query == "length":
    data = sys.stdin.buffer.read()
    print(len(data), sum(data))
elif query == "ignored":
    print("not read")
