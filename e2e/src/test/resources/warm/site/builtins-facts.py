#!/usr/bin/python3
import builtins
import site

print("Content-Type: text/plain\n")
print([type(getattr(builtins, name)).__name__ for name in ("copyright", "credits", "license", "exit", "quit", "help")])
print(exit, quit)
print(site.ENABLE_USER_SITE, site.PREFIXES, site.getsitepackages(), site.USER_SITE)
print(__debug__, hasattr(builtins, "_"), builtins.open.__module__, builtins.__import__)
