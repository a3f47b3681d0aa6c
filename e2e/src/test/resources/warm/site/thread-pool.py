#!/usr/bin/python3
import concurrent.futures
import time

print("Content-Type: text/plain\n")
pool = concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="mine")
print(list(pool.map(lambda n: n * n, range(5))))


def late(n):
    time.sleep(0.05)
    print("late", n)


pool.submit(late, 1)
print("main is done")
