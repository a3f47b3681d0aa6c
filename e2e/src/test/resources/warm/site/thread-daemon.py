#!/usr/bin/python3
import threading
import time

print("Content-Type: text/plain\n")
started = threading.Event()


def work():
    started.set()
    time.sleep(600)
    print("never said")


threading.Thread(target=work, daemon=True).start()
started.wait()
print("main does not wait")
