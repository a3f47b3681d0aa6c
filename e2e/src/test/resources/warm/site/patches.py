#!/usr/bin/python3
# Shows the state of things that a request could leave behind, then changes them all. Asked twice.
import builtins
import cgi
import decimal
import gc
import html
import json
import locale
import logging
import os
import random
import re
import resource
import signal
import socket
import string
import sys
import tempfile
import time
import urllib.parse
import warnings

print("Content-Type: text/plain\n")
print(json.dumps([1]), html.escape("<"), cgi.maxlen, hasattr(cgi, "left"), json.decoder.FLAGS)
print(hasattr(builtins, "left"), "left" in globals(), "left" in sys.modules, sys.path[-1] == "/left")
print(os.environ.get("LEFT"), os.getcwd() == os.path.dirname(os.path.abspath(__file__)), oct(os.umask(0o22)))
print(signal.getsignal(signal.SIGTERM), signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(sys.getrecursionlimit(), gc.isenabled(), gc.get_threshold(), gc.callbacks, sys.getswitchinterval())
print(socket.getdefaulttimeout(), decimal.getcontext().prec, locale.setlocale(locale.LC_ALL), time.tzname)
print(logging.getLogger().level, len(logging.getLogger().handlers), len(warnings.filters), warnings.showwarning)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.nice(0), string.ascii_letters, re.compile("a").pattern)
print(sys.dont_write_bytecode, sys.getprofile(), sys.displayhook, sys.excepthook, urllib.parse.quote(" "), re.escape("."))
print(os.open("/dev/null", os.O_RDONLY), len(gc.garbage), sys.intern("left"), builtins.print, sys.stdout.line_buffering)

json.dumps = lambda *args, **more: "patched"
html.escape = str
cgi.maxlen = 1
cgi.left = 1
json.decoder.FLAGS = "patched"
builtins.left = left = 1
sys.modules["left"] = sys
sys.path.append("/left")
os.environ["LEFT"] = "1"
os.chdir("/")
os.umask(0o77)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
sys.setrecursionlimit(5000)
gc.disable()
gc.set_threshold(1, 2, 3)
gc.callbacks.append(lambda phase, info: None)
sys.setswitchinterval(0.5)
socket.setdefaulttimeout(1)
decimal.getcontext().prec = 3
locale.setlocale(locale.LC_ALL, "C")
os.environ["TZ"] = "ABC+3"
time.tzset()
logging.basicConfig(level=1)
warnings.simplefilter("error")
warnings.showwarning = None
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 100))
os.nice(3)
string.ascii_letters = ""
sys.dont_write_bytecode = True
sys.displayhook = None
sys.excepthook = None
urllib.parse.quote = None
re.escape = None
random.seed(1)
tempfile.tempdir = "/"
sys.stdout.reconfigure(line_buffering=True)
gc.freeze()
