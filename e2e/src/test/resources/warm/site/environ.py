#!/usr/bin/python3
import copy
import ctypes
import os
import posix
import subprocess

print("Content-Type: text/plain\n")
for name in sorted(os.environ):
    print(name, "=", os.environ[name])
print(len(os.environ), {os.fsencode(n): os.fsencode(v) for n, v in os.environ.items()} == posix.environ)
print(type(os.environ), os.environb._data is os.environ._data, os.get_exec_path())
names = subprocess.check_output(["/usr/bin/env", "-0"]).split(b"\0")[:-1]
print(sorted(os.fsdecode(name) for name in names))
clone = copy.copy(os.environ)
clone["MARK"] = "of the clone"
print(os.environ.get("MARK"))
plain = os.environ.copy()
plain["MARK"] = "of the copy"
print(os.environ.get("MARK"), type(plain))
try:
    print(type(copy.deepcopy(os.environ)))
except TypeError as error:
    print(error)
os.environ["MARK"] = "set"
os.environ["UMLAUT"] = "\u00e4"
del os.environ["QUERY_STRING"]
getenv = ctypes.CDLL(None).getenv
getenv.restype = ctypes.c_char_p
print(getenv(b"MARK"), getenv(b"QUERY_STRING"), getenv(b"UMLAUT"), getenv(b"SCRIPT_NAME"), getenv(b"LC_CTYPE"))
print(subprocess.check_output('echo "$MARK $QUERY_STRING $UMLAUT $SCRIPT_NAME"', shell=True))
os.putenv("HIDDEN", "from os.environ")
print("HIDDEN" in os.environ, subprocess.check_output("echo $HIDDEN", shell=True))
os.environ.clear()
print(subprocess.check_output(["/usr/bin/env"]), os.getenv("PATH"), os.environ)
