#!/usr/bin/python3
import warnings

print("Content-Type: text/plain\n")
for entry in warnings.filters:
    print(entry)
print(warnings.showwarning.__module__, warnings.formatwarning("text", UserWarning, "file", 3, "line"), end="")
