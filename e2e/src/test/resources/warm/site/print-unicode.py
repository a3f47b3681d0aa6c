#!/usr/bin/python3
print("Content-Type: text/plain\n")
print("gr\u00fc\u00dfe, \u20ac, \U0001f40d, zażółć")
