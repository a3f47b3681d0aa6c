#!/usr/bin/python3
import gc

print("Content-Type: text/plain\n")
print(gc.get_freeze_count() > 0, gc.get_stats()[2]["collections"] > 5)
