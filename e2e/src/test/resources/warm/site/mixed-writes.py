#!/usr/bin/python3
# What is buffered comes after what is not.
import os
import sys

os.write(1, b"Content-Type: text/plain\n\n")
print("first said, last out")
os.write(1, b"said second\n")
sys.stdout.buffer.write(b"into the buffer below\n")
os.write(2, b"on standard error\n")
