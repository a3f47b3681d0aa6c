#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
events = []


def trace(frame, event, argument):
    events.append((event, frame.f_code.co_name, frame.f_lineno))
    return trace


def function(n):
    n += 1
    return n


sys.settrace(trace)
function(1)
sys.settrace(None)
print(events)
sys.setprofile(lambda frame, event, argument: events.append(event))
len([])
sys.setprofile(None)
print(events[-4:])
