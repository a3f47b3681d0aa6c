#!/usr/bin/python3
import datetime
import os
import time

print("Content-Type: text/plain\n")
print(os.environ["TZ"], time.tzname, time.timezone, time.altzone, time.daylight)
for seconds in (0, 1700000000, 1720000000):
    print(time.localtime(seconds), time.ctime(seconds), time.mktime(time.gmtime(seconds)))
    print(datetime.datetime.fromtimestamp(seconds).astimezone().isoformat())
    print(datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).astimezone().tzname())
os.environ["TZ"] = "XYZ-7"
time.tzset()
print(time.tzname, time.ctime(0))
