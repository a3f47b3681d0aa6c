#!/usr/bin/python3
import os
import threading

print("Content-Type: text/plain\n")
main = threading.main_thread()
print(main is threading.current_thread(), main.name, main.daemon, main.is_alive(), repr(main)[:24])
print(main.ident == threading.get_ident(), main.native_id == os.getpid(), threading.get_native_id() == os.getpid())
print(threading.active_count(), [thread.name for thread in threading.enumerate()], threading.stack_size())
print(len(os.listdir("/proc/self/task")), threading.gettrace() if hasattr(threading, "gettrace") else None)
local = threading.local()
print(vars(local))
local.value = "of main"
seen = []
thread = threading.Thread(target=lambda: seen.append(hasattr(local, "value")))
print(thread.name)
thread.start()
thread.join()
print(seen, local.value)
timer = threading.Timer(0.01, lambda: print("timer", threading.current_thread().name))
timer.start()
timer.join()
