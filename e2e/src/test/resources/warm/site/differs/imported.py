#!/usr/bin/python3
# What a module does when it is imported has been done in the keeper. This one warns whoever imports it.
import sys

before = len(sys.modules)
import cgi

print("Content-Type: text/plain\n")
print(len(sys.modules) == before)
