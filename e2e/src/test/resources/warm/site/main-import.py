#!/usr/bin/python3
import importlib.util
import os
import runpy
import sys

print("Content-Type: text/plain\n")
try:
    print(importlib.util.find_spec("__main__"))
except ValueError as error:
    print(error)
if os.environ.get("AGAIN"):
    print("again", __name__, __file__, __spec__ is None)
else:
    os.environ["AGAIN"] = "1"
    again = runpy.run_path(__file__, run_name="other")
    print(again["__name__"], sys.modules["__main__"].__name__, sys.argv)
    runpy.run_path(__file__, run_name="__main__")
