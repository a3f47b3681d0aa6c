#!/usr/bin/python3
import os
import subprocess
import sys

print("Content-Type: text/plain\n", flush=True)
subprocess.run(["/bin/echo", "inherits"], check=True)
print(subprocess.check_output(["/bin/sh", "-c", "echo out; echo err >&2; exit 0"], stderr=subprocess.STDOUT))
print(subprocess.run(["/bin/cat"], input=b"given", capture_output=True))
print(subprocess.run(["/bin/sh", "-c", "kill -9 $$"]).returncode, flush=True)
os.system("echo from os.system; exit 3")
print(os.popen("echo from os.popen").read(), os.WEXITSTATUS(os.system("exit 3")))
print(os.spawnl(os.P_WAIT, "/bin/sh", "sh", "-c", "exit 4"))
print(os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1])
print(subprocess.check_output([sys.executable, "-c", "import sys; print(sys.argv, sys.path[0] == '')", "x"]))
subprocess.run(["/not/there"])
