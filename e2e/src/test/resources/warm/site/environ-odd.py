#!/usr/bin/python3
import os

print("Content-Type: text/plain\n")
for name in ("HTTP_X_BYTES", "HTTP_X_EMPTY", "HTTP_X_EQUALS", "HTTP_X_LONG", "PATH_INFO", "REQUEST_METHOD"):
    value = os.environb.get(name.encode())
    print(name, value if value is None or len(value) < 100 else len(value), ascii(os.environ.get(name, ""))[:100])
