#!/usr/bin/python3
import codecs
import io
import sys

sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-16-le", line_buffering=True)
sys.stdout.buffer.write(b"Content-Type: application/octet-stream\n\n")
print("sixteen bits")
writer = codecs.getwriter("latin-1")(sys.stdout.buffer)
writer.write("\u00e4\n")
