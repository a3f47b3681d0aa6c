#!/usr/bin/python3
import os
import sys
import zipfile

print("Content-Type: text/plain\n")
path = os.path.join(os.environ["TMPDIR"], "modules%d.zip" % os.getpid())
with zipfile.ZipFile(path, "w") as archive:
    archive.writestr("zipped.py", "def f():\n    return __file__, __name__\n\ndef fail():\n    raise ValueError('zipped')\n")
sys.path.insert(0, path)
import zipped

os.unlink(path)
print([os.path.basename(name) for name in zipped.f()], type(zipped.__loader__).__name__)
try:
    zipped.fail()
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)
