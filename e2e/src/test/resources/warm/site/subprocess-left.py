#!/usr/bin/python3
import subprocess

print("Content-Type: text/plain\n")
process = subprocess.Popen(["/bin/sh", "-c", "exec >&- 2>&- <&-; sleep 0.2"])
print("not waited for")
