#!/usr/bin/python3
import sys
import threading
import time

print("Content-Type: text/plain\n")


def work(name):
    time.sleep(0.05 * name)
    print(threading.current_thread().name, name, threading.main_thread().is_alive())
    if name == 3:
        threading.Thread(target=work, args=(4,)).start()


for name in range(1, 4):
    threading.Thread(target=work, args=(name,)).start()
print("main is done")
sys.exit(4)
