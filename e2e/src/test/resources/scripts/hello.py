#!/usr/bin/python3
"""The smallest answer, in Python."""
print("Content-Type: text/plain\n\nhello from python")
