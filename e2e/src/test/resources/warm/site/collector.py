#!/usr/bin/python3
import gc
import sys

print("Content-Type: text/plain\n")
print(gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.callbacks, gc.garbage)
print(sys.getrefcount(object()), sys.getsizeof([]))


class Node:
    def __del__(self):
        print("collected")


node = Node()
node.itself = node
del node
print("collect", gc.collect() > 0)
for _ in range(3000):
    loop = []
    loop.append(loop)
print(gc.get_stats()[0]["collections"] > 0)
