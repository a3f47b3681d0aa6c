#!/usr/bin/python3
import os
import random
import threading

print("Content-Type: text/plain\n", flush=True)
os.register_at_fork(
    before=lambda: print("before", flush=True),
    after_in_parent=lambda: print("in the parent", flush=True),
    after_in_child=lambda: print("in the child", threading.active_count(), flush=True),
)
state = random.getstate()
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, b"same" if random.getstate() == state else b"other")
    os._exit(0)
os.wait()
print(os.read(read, 10), random.getstate() == state)
