#!/usr/bin/python3
import atexit
import threading

print("Content-Type: text/plain\n")
gate = threading.Event()


def work():
    gate.wait(5)
    print("the thread ends")
    atexit.register(print, "registered by the thread")


atexit.register(print, "run after all threads")
threading.Thread(target=work).start()
print("main is done")
gate.set()
