#!/usr/bin/python3
"""Reads a thousand bytes of the body, answers with them and ends."""
import sys

head = sys.stdin.buffer.read(1000)
sys.stdout.buffer.write(b"Content-Type: application/octet-stream\n\n" + head)
