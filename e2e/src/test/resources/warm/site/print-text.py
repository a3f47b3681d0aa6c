#!/usr/bin/python3
print("Content-Type: text/plain\n")
print("plain text")
print("several", "words", sep="-", end=".\n")
