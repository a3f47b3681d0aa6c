#!/usr/bin/python3
import signal

print("Content-Type: text/plain\n")
for number in sorted(signal.valid_signals() if hasattr(signal, "valid_signals") else range(1, 65)):
    print(number, signal.getsignal(number))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.sigpending())
print(signal.getitimer(signal.ITIMER_REAL), signal.set_wakeup_fd(-1), signal.alarm(0))
for line in open("/proc/self/status"):
    if line.startswith(("Sig", "Shd")) and not line.startswith("SigQ"):
        print(line, end="")
