#!/usr/bin/python3
print("Content-Type: text/plain\n")
return 1
