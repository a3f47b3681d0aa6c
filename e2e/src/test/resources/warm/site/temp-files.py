#!/usr/bin/python3
import os
import tempfile

print("Content-Type: text/plain\n")
print(tempfile.gettempdir() == os.environ["TMPDIR"], tempfile.gettempprefix(), tempfile.tempdir == os.environ["TMPDIR"])
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
    file.write("text")
    file.flush()
    print(os.path.getsize(file.name), os.stat(file.name).st_mode & 0o777)
print(os.path.exists(file.name))
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "x"), "w").close()
    print(os.listdir(folder))
print(os.path.exists(folder))
with tempfile.SpooledTemporaryFile(10) as spool:
    spool.write(b"more than ten bytes")
    print(spool._rolled)
