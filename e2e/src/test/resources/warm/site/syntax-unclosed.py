#!/usr/bin/python3
print("Content-Type: text/plain\n"
values = [1,
          2
