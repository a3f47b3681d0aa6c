#!/usr/bin/python3
import os
import sys

import local_module
import local_package
from local_package import inner
from local_package.inner import deep as renamed
import local_package.sub.leaf

print("Content-Type: text/plain\n")
print(local_module.where(), local_module.__name__, local_module.__package__ == "", local_module.__spec__.name)
print(local_package.VALUE, inner.deep(), renamed(), local_package.sub.leaf.up())
print(os.path.dirname(local_module.__file__) == sys.path[0], os.path.basename(local_module.__cached__).split(".")[0])
print(sys.modules["local_package.inner"] is inner)
try:
    from . import local_module as relative
except ImportError as error:
    print(type(error).__name__, error)
import namespace_package.part

print(namespace_package.part.NAME, namespace_package.__file__ if hasattr(namespace_package, "__file__") else None)
import pkgutil

print(pkgutil.get_data("local_package", "data.txt"), sorted(m.name for m in pkgutil.iter_modules(["."])))
local_module.fail()
