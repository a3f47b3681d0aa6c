#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
print(sys.argv, getattr(sys, "orig_argv", None))
for entry in sys.path:
    print("path", entry)
print(sys.flags, sys.warnoptions, sys._xoptions)
print(sys.version_info, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.platlibdir if hasattr(sys, "platlibdir") else "")
print(sys.dont_write_bytecode, sys.pycache_prefix, sys.getrecursionlimit(), sys.getswitchinterval())
print(sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.getdlopenflags())
print(sys.gettrace(), sys.getprofile(), sys.displayhook is sys.__displayhook__, hasattr(sys, "ps1"), hasattr(sys, "last_value"))
print([getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path], len(sys.path_hooks), sys.float_repr_style)
print(sys.breakpointhook is sys.__breakpointhook__, sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth())
print(sys.unraisablehook is sys.__unraisablehook__, sys.hash_info, sys.byteorder, sys.is_finalizing())
print(sorted(name for name in vars(sys) if not name.startswith("__")))
