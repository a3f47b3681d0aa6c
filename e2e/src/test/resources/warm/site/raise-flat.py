#!/usr/bin/python3
print("Content-Type: text/plain\n")
1 / 0
