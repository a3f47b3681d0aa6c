#!/usr/bin/python3
import time

print("Content-Type: text/plain\n")
before = time.time()
time.sleep(0.05)
print(0.05 <= time.time() - before < 5)
