#!/usr/bin/python3
import os
import sys

print("Content-Type: text/plain\n")
print("the last")
query = os.environ["QUERY_STRING"]
if query == "object":
    sys.stdout.close()
elif query == "print":
    sys.stdout.close()
    print("too late")
elif query == "descriptor":
    sys.stdout.flush()
    os.close(1)
    print("nobody gets this")
elif query == "flushed":
    sys.stdout.flush()
    os.close(1)
elif query == "none":
    sys.stdout.flush()
    sys.stdout = None
    print("no stream")
elif query == "deleted":
    sys.stdout.flush()
    del sys.stdout
elif query == "stderr":
    sys.stderr.close()
    raise ValueError("not seen")
elif query == "no-stderr":
    sys.stderr = None
    raise ValueError("not seen either")
elif query == "all":
    sys.stdout.flush()
    os.closerange(0, 100)
elif query == "replaced":
    import io

    sys.stdout = io.StringIO()
    print("kept for nobody")
