#!/usr/bin/python3
"""The docstring."""
import sys

print("Content-Type: text/plain\n")
import __main__

print(sorted(globals()))
for name in ("__name__", "__doc__", "__package__", "__spec__", "__file__", "__cached__", "__builtins__"):
    print(name, repr(globals().get(name, "not there")))
loader = __loader__
print(type(loader), loader.name, loader.path, loader.is_package("__main__"), sorted(vars(loader)))
print(loader.get_source("__main__").count("\n"), loader.get_filename("__main__"))
print(__main__.__dict__ is globals(), sys.modules["__main__"] is __main__, repr(__main__))
print("__main__" in sys.modules, [name for name in sys.modules if "keeper" in name])
print(sorted(vars(__builtins__)))
print(sys._getframe().f_code.co_filename, sys._getframe().f_code.co_name, sys._getframe().f_code.co_firstlineno)
print(sys._getframe().f_globals is globals(), sys._getframe().f_locals is globals())
