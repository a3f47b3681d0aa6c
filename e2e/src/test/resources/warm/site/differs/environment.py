#!/usr/bin/python3
print("Content-Type: text/plain\n")
print(b"QUERY_STRING" in open("/proc/self/environ", "rb").read())
