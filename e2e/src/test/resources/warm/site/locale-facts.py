#!/usr/bin/python3
import locale
import os
import subprocess
import sys
import time

print("Content-Type: text/plain\n")
print(locale.setlocale(locale.LC_ALL), locale.getlocale(), locale.getpreferredencoding(), locale.getpreferredencoding(False))
print(os.environ.get("LC_CTYPE"), os.environ.get("LANG"), sys.flags.utf8_mode)
print({key: value for key, value in locale.localeconv().items() if isinstance(value, str)})
try:
    print(locale.setlocale(locale.LC_ALL, ""))
except locale.Error as error:
    print(error)
print(time.strftime("%A %B %x", time.gmtime(0)), format(1234567, "n"), os.strerror(2), "\u00e4".isalpha())
print(subprocess.check_output(["/usr/bin/locale"]).decode(), open(os.devnull).encoding)
print(locale.setlocale(locale.LC_ALL, "C"), sys.stdout.encoding)
