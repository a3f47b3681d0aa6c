#!/usr/bin/python3
import threading

print("Content-Type: text/plain\n")
threading.Timer(0.1, print, ["the timer is waited for"]).start()
raise ValueError("although main has failed")
