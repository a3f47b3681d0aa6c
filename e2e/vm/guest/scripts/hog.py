#!/usr/bin/python3
pieces = []
for i in range(400):
    pieces.append(bytearray(b"x") * 1_000_000)
print("Content-Type: text/plain\n\nnot ended")
