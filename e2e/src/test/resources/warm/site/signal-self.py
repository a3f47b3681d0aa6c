#!/usr/bin/python3
import ctypes
import os
import resource
import signal
import sys
import time

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
print("Content-Type: text/plain\n")
print("flushed", flush=True)
print("in the buffer")
query = os.environ["QUERY_STRING"]
if query == "SEGV":
    ctypes.string_at(0)
elif query == "handler":
    signal.signal(signal.SIGUSR1, lambda number, frame: print("got", number, frame.f_code.co_name))
    os.kill(os.getpid(), signal.SIGUSR1)
    print("after the handler")
elif query == "exit":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(9))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
elif query == "alarm":
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(5)
elif query == "caught":
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    except KeyboardInterrupt:
        print("interrupted")
elif query == "group":
    os.killpg(0, signal.SIGTERM)
    time.sleep(5)
elif query == "ignored":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.kill(os.getpid(), signal.SIGTERM)
    print("still here")
elif query == "blocked":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    os.kill(os.getpid(), signal.SIGTERM)
    print(signal.sigpending())
elif query == "timeout":
    def late(number, frame):
        raise TimeoutError("took too long")

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(5)
elif query == "late":
    signal.signal(signal.SIGUSR1, lambda *_: print("at the end"))
    import atexit

    atexit.register(os.kill, os.getpid(), signal.SIGUSR1)
else:
    os.kill(os.getpid(), getattr(signal, "SIG" + query))
    time.sleep(5)
