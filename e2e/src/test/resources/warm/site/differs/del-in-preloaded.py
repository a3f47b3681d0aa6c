#!/usr/bin/python3
# The modules that the keeper has imported are not taken apart at the end of a fork.
import json


class Thing:
    def __del__(self):
        print("gone", flush=True)


print("Content-Type: text/plain\n", flush=True)
json.thing = Thing()
