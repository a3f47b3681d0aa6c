#!/usr/bin/python3
import cgi

print("Content-Type: text/plain\n")
print(cgi.NAME, cgi.__file__)
