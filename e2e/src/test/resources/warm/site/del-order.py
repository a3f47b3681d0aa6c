#!/usr/bin/python3
import json


class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, json is None, Thing is None if "Thing" in globals() else "gone", flush=True)


print("Content-Type: text/plain\n", flush=True)
_under = Thing("_under")
first = Thing("first")
second = Thing("second")
__dunder = Thing("__dunder")
cycle = [Thing("cycle")]
cycle.append(cycle)
Thing.shared = Thing("in its class")
held = {"a": Thing("in a dict")}
print("main is done", flush=True)
