#!/usr/bin/python3
import os
import resource
import time

print("Content-Type: text/plain\n")
print(time.process_time() < 1, time.thread_time() < 1, sum(os.times()[:2]) < 1, os.times()[2:4])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_utime < 1, usage.ru_stime < 1, resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
started = time.monotonic()
time.sleep(0.01)
print(time.monotonic() - started >= 0.01, time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID) < 1)
