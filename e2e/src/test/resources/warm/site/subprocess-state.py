#!/usr/bin/python3
# What a child of the script has: signals, descriptors, umask.
import os
import subprocess

print("Content-Type: text/plain\n", flush=True)
subprocess.run(["/bin/sh", "-c", "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; ls /proc/self/fd; umask; ulimit -a"])
subprocess.run(["/bin/sh", "-c", "ls /proc/self/fd"], close_fds=False)
print(subprocess.check_output("readlink /proc/self/fd/0; pwd; echo $PWD $0", shell=True))
os.set_inheritable(os.open("/dev/zero", os.O_RDONLY), True)
subprocess.run(["/bin/sh", "-c", "readlink /proc/self/fd/3"], close_fds=False)
