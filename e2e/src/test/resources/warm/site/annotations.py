#!/usr/bin/python3
print("Content-Type: text/plain\n")
print(__annotations__)
x: int = 3
print(__annotations__)
