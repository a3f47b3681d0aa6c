#!/usr/bin/python3
import threading

print("Content-Type: text/plain\n")


def fail():
    raise ValueError("in a thread")


def run(**more):
    thread = threading.Thread(target=fail, **more)
    print(thread.name)
    thread.start()
    thread.join()


run()
run(name="named")
threading.excepthook = lambda event: print("hook:", event.exc_type.__name__, event.thread.name)
run()
