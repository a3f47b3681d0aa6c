#!/usr/bin/python3
import json

print("Content-Type: text/plain\n")
print(json.NAME)
