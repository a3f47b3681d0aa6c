#!/usr/bin/python3
import sys

sys.stdout.buffer.write(b"Content-Type: application/octet-stream\r\n\r\n")
sys.stdout.buffer.write(bytes(range(256)) * 4)
