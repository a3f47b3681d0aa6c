#!/usr/bin/python3
"""Does to the interpreter that it was forked from what the query says: DEED or DEED:ARGUMENT.

Only the standard library and the kernel: whatever this can do, any script of the same user can.
"""

import ctypes
import os
import signal
import sys
import threading
import time

KEEPER = os.getppid()
LIBC = ctypes.CDLL(None, use_errno=True)
PIDFD_OPEN, PIDFD_GETFD = 434, 438
PTRACE_CONT, PTRACE_ATTACH = 7, 16


def answer(text):
    """The whole answer at once, before or after the deed."""
    sys.stdout.write("Content-Type: text/plain\n\n" + text + "\n")
    sys.stdout.flush()


def failed(call):
    raise OSError(ctypes.get_errno(), call + ": " + os.strerror(ctypes.get_errno()))


def keeper_socket():
    """A copy of the keeper's end of its socket to the daemon."""
    pidfd = LIBC.syscall(PIDFD_OPEN, KEEPER, 0)
    if pidfd < 0:
        failed("pidfd_open")
    for number in range(3, 256):
        try:
            if not os.readlink("/proc/%d/fd/%d" % (KEEPER, number)).startswith("socket:"):
                continue
        except FileNotFoundError:
            continue
        copy = LIBC.syscall(PIDFD_GETFD, pidfd, number, 0)
        if copy < 0:
            failed("pidfd_getfd")
        return copy
    raise LookupError("no socket in the keeper")


def say(lines):
    """Says it to the daemon in the keeper's name."""
    channel = keeper_socket()
    while lines:
        lines = lines[send(channel, lines) :]


def send(channel, lines):
    """How many bytes there was room for."""
    try:
        return os.write(channel, lines)
    except BlockingIOError:
        time.sleep(0.001)
        return 0


def attach():
    if LIBC.ptrace(PTRACE_ATTACH, KEEPER, None, None) < 0:
        failed("ptrace")
    os.waitpid(KEEPER, 0x40000000)  # __WALL: a tracer waits for whom it traces


def overwrite():
    """Zeros over the keeper's heap."""
    with open("/proc/%d/maps" % KEEPER, encoding="ascii") as maps:
        heap = next(line for line in maps if line.endswith("[heap]\n"))
    begin, end = (int(part, 16) for part in heap.split()[0].split("-"))
    with open("/proc/%d/mem" % KEEPER, "wb", buffering=0) as memory:
        memory.seek(begin)
        memory.write(bytes(end - begin))


def poison():
    """Changes everything that a later request could see if it were not a process of its own."""
    import builtins
    import json

    json.dumps = lambda *_, **__: "poisoned"
    builtins.poisoned = True
    builtins.print = lambda *_, **__: None
    sys.modules["html"] = None
    sys.path.insert(0, "/poisoned")
    os.environ["POISONED"] = "yes"
    os.putenv("POISONED", "yes")
    os.umask(0)
    os.chdir("/")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.setrecursionlimit(77)
    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    open("poisoned", "w") if os.access(".", os.W_OK) else None


def probe():
    """What a clean request sees; one line, so that it can be compared."""
    import json

    mask = os.umask(0)
    os.umask(mask)
    import builtins

    return " ".join(
        map(
            str,
            [
                json.dumps([1]),
                hasattr(builtins, "poisoned"),
                builtins.print.__name__,
                sys.modules.get("html", 0) is not None,
                "/poisoned" in sys.path,
                os.environ.get("POISONED"),
                oct(mask),
                os.path.basename(os.getcwd()),
                signal.getsignal(signal.SIGTERM) is signal.SIG_DFL,
                sys.getrecursionlimit(),
                threading.active_count(),
                len(os.listdir("/proc/self/task")),
                sorted(name for name in os.listdir("/proc/self/fd") if int(name) > 2),
            ],
        )
    )


def bomb():
    while True:
        try:
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.setsid()
        except OSError:
            time.sleep(0.05)


def shout_at_sockets():
    """Garbage to whatever it has inherited beside its standard streams."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            try:
                os.write(int(name), os.urandom(64))
                found.append(os.readlink("/proc/self/fd/" + name))
            except OSError:
                pass
    return "written to " + repr(found)


def steal():
    """Reads what the daemon tells the keeper, for a while."""
    channel = keeper_socket()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            os.read(channel, 65536)
        except BlockingIOError:
            time.sleep(0.0002)


def exhaust():
    hoard = []
    try:
        while True:
            hoard.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    try:
        while True:
            hoard.append(bytearray(64 << 20))
    except MemoryError:
        pass
    return "exhausted"


def main():
    deed, _, argument = os.environ.get("QUERY_STRING", "").partition(":")
    if deed == "probe":
        answer(probe())
    elif deed == "poison":
        poison()
        answer("done")
    elif deed == "signal":
        answer("about to")
        os.kill(KEEPER, int(argument))
    elif deed == "stop-and-stay":
        os.kill(KEEPER, signal.SIGSTOP)
        time.sleep(300)
    elif deed == "trace-and-stay":
        attach()
        answer("attached")
        time.sleep(300)
    elif deed == "overwrite":
        answer("about to")
        overwrite()
    elif deed == "shout":
        answer(shout_at_sockets())
    elif deed == "bomb":
        answer("about to")
        bomb()
    elif deed == "exhaust":
        answer(exhaust())
    elif deed == "core":
        answer("about to")
        os.abort()
    elif deed == "steal":
        steal()
    elif deed == "say":
        # %n is a line's end, %p the keeper's process id, %m its own.
        text = argument.replace("%n", "\n").replace("%p", str(KEEPER)).replace("%m", str(os.getpid()))
        say(text.replace("+", " ").encode("latin-1"))
        answer("said")
    elif deed == "say-and-stay":
        text = argument.replace("%n", "\n").replace("%p", str(KEEPER)).replace("%m", str(os.getpid()))
        say(text.replace("+", " ").encode("latin-1"))
        time.sleep(300)
    elif deed == "claim-and-stay":
        # That every request there may be has ended, and left a group that never ends.
        say(b"".join(b"ended %d %d 0 0 0 1\n" % (number, os.getpid()) for number in range(1, 100_000)))
        time.sleep(300)
    elif deed == "noise":
        say(os.urandom(100_000))
        answer("said")
    elif deed == "no-end":
        say(b"x" * (10 << 20))
        answer("said")
    elif deed == "flood":
        # As fast as it can, until the daemon has had enough.
        end = time.monotonic() + 8
        lines = (argument.replace("+", " ") + "\n").encode("latin-1") * 1000
        channel = keeper_socket()
        while time.monotonic() < end:
            send(channel, lines)
    else:
        answer("no such deed: " + deed)


try:
    main()
except (OSError, LookupError) as failure:
    answer("failed: %s" % failure)
