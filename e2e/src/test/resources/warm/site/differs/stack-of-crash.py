#!/usr/bin/python3
import faulthandler
import os
import resource

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
print("Content-Type: text/plain\n", flush=True)
faulthandler.enable(all_threads=False)
os.abort()
