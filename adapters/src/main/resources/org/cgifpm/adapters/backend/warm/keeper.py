"""Keeps a Python interpreter warm, and runs each CGI script that the daemon names in a fork of it.

    INTERPRETER FLAGS... /proc/self/fd/1 [--preload=NAME,...] [--preload-found=NAME,...] [--limit=RES:SOFT:HARD]...

Descriptor 0 is a stream socket to the daemon, 1 is this source, 2 is the log. It needs the standard library of
Python 3.8 or later alone. Messages from the daemon are a big-endian length of 32 bits, then fields with NULs between:

    run ID NAME ARGC ARGV... NAME=VALUE...    with four descriptors: stdin, stdout, stderr, the script's folder
    kill ID SIGNAL                            to the process group of that request

and the answers are lines:

    ready VERSION | failed TEXT               once
    modules NAME,...                          what is imported beyond what a fresh interpreter has
    forked ID PID                             at most 2 ms late, or together with the next line
    ended ID PID STATUS UTIME STIME LEFT      wait status, microseconds, whether its process group has members yet
    gone ID                                   the group that was left is empty
    busy ID ERRNO                             no process to be had
    cold ID REASON TEXT                       the child executes the script, which cannot run in a fork
    lacks MODULE,... PATH                     modules that the script imports and the keeper has not
    stale MODULE                              the file of an imported module has changed

Each script is a process of its own, in a session of its own, and nothing that it does reaches this one's memory. When
the socket ends, so does the keeper, at once; running scripts are the daemon's business.
"""

import sys

if not getattr(sys.flags, "safe_path", sys.flags.isolated):
    # The folder that this source lies in, though without a name: /tmp, where everybody may put a struct.py.
    del sys.path[0]
FRESH = frozenset(sys.modules)  # what a script finds imported at its first line

# Modules with a leading underscore: their wrappers import enum and selectors, which a script may not need.
import _imp
import _signal
import _socket
import atexit
import errno
import gc
import os
import resource
import select
import stat
import time
from _frozen_importlib_external import PathFinder, SourceFileLoader

MESSAGE_MAX = 1 << 20  # bytes of one message from the daemon
QUEUE_MAX = 1 << 20  # bytes that the daemon may leave unread
HELD = 0.002  # seconds that a "forked" may wait for another line
LINGER = 0.05  # seconds between looks for groups that have become empty
HIGH = 40  # the keeper's own descriptors are from here up, so that a script's first open() gives 3
CACHE_ENTRIES, CACHE_BYTES, SOURCE_MAX = 256, 32 << 20, 1 << 20
SETTLED = 100_000_000  # nanoseconds without a change after which a file's times tell its next change
LIMITS = {"cpu": resource.RLIMIT_CPU, "nofile": resource.RLIMIT_NOFILE, "fsize": resource.RLIMIT_FSIZE}


class Fatal(Exception):
    """The keeper cannot go on; the text says why."""


class Born(BaseException):
    """Raised in a child to leave all of the keeper's frames behind; its argument is the Request."""


class Request:
    """What one message of kind "run" asks for."""

    __slots__ = ("id", "name", "argv", "environ", "fds", "code", "cold")

    def __init__(self, fields, fds):
        count = int(fields[3])
        self.id = int(fields[1])
        self.name = fields[2]
        self.argv = fields[4 : 4 + count]
        self.environ = fields[4 + count :]
        self.fds = fds
        self.code = None
        self.cold = None  # why it does not run in the fork
        if count < 1 or len(self.argv) < count or b"/" in self.name or not self.name:
            raise ValueError("a run without a script")


class Keeper:
    """The parent of all scripts: one thread, waiting for the daemon and for the ends of its children."""

    def __init__(self, channel, wakeup):
        self.channel = channel
        self.wakeup = wakeup
        self.incoming = bytearray()
        self.received = []  # descriptors whose message is not complete yet, -1 for those that were lost
        self.outgoing = b""
        self.held = b""
        self.held_until = 0.0
        self.children = {}  # process id: request id
        self.groups = {}  # request id: process group
        self.left = {}  # the same for those whose leader has ended
        self.poll = select.poll()
        self.poll.register(channel.fileno(), select.POLLIN)
        self.poll.register(wakeup, select.POLLIN)

    def say(self, line):
        self.outgoing += self.held + line + b"\n"
        self.held = b""
        self.flush()

    def flush(self):
        try:
            sent = self.channel.send(self.outgoing, _socket.MSG_DONTWAIT)
            self.outgoing = self.outgoing[sent:]
        except BlockingIOError:
            if len(self.outgoing) > QUEUE_MAX:
                raise Fatal("the daemon does not read") from None
        except OSError:
            os._exit(0)
        self.poll.modify(self.channel.fileno(), select.POLLIN | select.POLLOUT if self.outgoing else select.POLLIN)

    def serve(self):
        """Serves until the daemon is gone. Returns in children only, with the Request to be run."""
        while True:
            timeout = None
            if self.held:
                timeout = max(0.0, self.held_until - time.monotonic()) * 1000
            elif self.left:
                timeout = LINGER * 1000
            ready = dict(self.poll.poll(timeout))
            if self.wakeup in ready:
                self.reap()
            if self.left:
                self.look()
            events = ready.get(self.channel.fileno(), 0)
            if events & select.POLLOUT:
                self.flush()
            if events & ~select.POLLOUT:
                request = self.receive()
                if request is not None:
                    return request
            if self.held and time.monotonic() >= self.held_until:
                self.outgoing += self.held
                self.held = b""
                self.flush()

    def receive(self):
        """Takes what has come and does it. Returns in children only a Request."""
        try:
            data, extra, flags, _ = self.channel.recvmsg(
                65536, _socket.CMSG_SPACE(16), _socket.MSG_DONTWAIT | _socket.MSG_CMSG_CLOEXEC
            )
        except BlockingIOError:
            return None
        except OSError:
            os._exit(0)
        for level, kind, content in extra:
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
                fds = [int.from_bytes(content[at : at + 4], sys.byteorder) for at in range(0, len(content) - 3, 4)]
                if flags & _socket.MSG_CTRUNC:
                    for fd in fds:
                        os.close(fd)
                    fds = [-1] * 4
                self.received += fds
                break
        else:
            if flags & _socket.MSG_CTRUNC:
                self.received += [-1] * 4
        if not data:
            os._exit(0)
        incoming = self.incoming
        incoming += data
        while len(incoming) >= 4:
            length = int.from_bytes(incoming[:4], "big")
            if length > MESSAGE_MAX:
                raise Fatal("a message of %d bytes" % length)
            if len(incoming) < 4 + length:
                break
            fields = bytes(incoming[4 : 4 + length]).split(b"\0")
            del incoming[: 4 + length]
            try:
                request = self.act(fields)
            except (ValueError, IndexError) as failure:
                raise Fatal("a message that is not understood: %s" % failure) from failure
            if request is not None:
                return request
        return None

    def act(self, fields):
        if fields[0] == b"run":
            fds = self.received[:4]
            if len(fds) < 4:
                raise ValueError("a run with %d descriptors" % len(fds))
            del self.received[:4]
            return self.run(Request(fields, fds))
        if fields[0] == b"kill":
            self.kill(int(fields[1]), int(fields[2]))
            return None
        raise ValueError("kind %r" % fields[0][:20])

    def run(self, request):
        """Forks a child for the request. Returns it in the child."""
        number = errno.EMFILE if -1 in request.fds else self.prepare(request)
        if number == 0:
            try:
                pid = os.fork()
            except OSError as failure:
                number = failure.errno
        if number == 0 and pid == 0:
            return request
        for fd in request.fds:
            if fd >= 0:
                os.close(fd)
        if number:
            self.say(b"busy %d %d" % (request.id, number))
            return None
        self.children[pid] = request.id
        self.groups[request.id] = pid
        if not self.held:
            self.held_until = time.monotonic() + HELD
        self.held += b"forked %d %d\n" % (request.id, pid)
        if request.cold:
            self.say(b"cold %d %s" % (request.id, request.cold))
        return None

    def prepare(self, request):
        """Finds the script's code, or why it cannot run in a fork. Returns an error number if there is no room."""
        try:
            request.code, request.cold = self.scripts.find(request.fds[3], request.name)
        except OSError as failure:
            if failure.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
                return failure.errno
            request.cold = b"unreadable " + errno.errorcode.get(failure.errno, "?").encode()
        return 0

    def kill(self, number, what):
        """Signals the process group of a request, or its process if it has no group of its own yet."""
        pid = self.groups.get(number) or self.left.get(number)
        if pid is None:
            return
        try:
            os.killpg(pid, what)
        except ProcessLookupError:
            if number in self.groups:
                os.kill(pid, what)
        except OSError:
            pass  # what has changed its user is the daemon's business

    def reap(self):
        """Reports the children that have ended."""
        try:
            while len(os.read(self.wakeup, 4096)) == 4096:
                pass
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status, usage = os.wait3(os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            number = self.children.pop(pid, None)
            if number is None:
                continue
            del self.groups[number]
            left = has_members(pid)
            if left:
                self.left[number] = pid
            self.say(
                b"ended %d %d %d %d %d %d"
                % (number, pid, status, usage.ru_utime * 1e6, usage.ru_stime * 1e6, left)
            )

    def look(self):
        """Reports groups that have become empty."""
        for number, pid in list(self.left.items()):
            if not has_members(pid):
                del self.left[number]
                self.say(b"gone %d" % number)


def has_members(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


class Scripts:
    """Compiled scripts, as long as their files do not change."""

    def __init__(self):
        self.cache = {}
        self.size = 0

    def find(self, folder, name):
        fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=folder)
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                return None, b"unreadable no file"
            path = os.readlink("/proc/self/fd/%d" % folder) + "/./" + os.fsdecode(name)
            key = (path, status.st_dev, status.st_ino, status.st_ctime_ns, status.st_size)
            found = self.cache.get(key)
            if found is None:
                with open(fd, "rb", closefd=False) as file:
                    source = file.read()
                try:
                    found = compile(source, path, "exec", dont_inherit=True), None
                except Exception:
                    found = None, b"syntax"
                if status.st_size < SOURCE_MAX and time.time_ns() - status.st_ctime_ns > SETTLED:
                    self.cache[key] = found
            return found
        finally:
            os.close(fd)


def live(request, limits):
    """What a child does instead of being a keeper, to the end of its process."""
    os.setsid()
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    for what, soft, hard in limits:
        resource.setrlimit(what, (soft, hard))
    stdin, stdout, stderr, folder = request.fds
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.fchdir(folder)
    os.closerange(3, 256)
    environ = os.environ._data
    environ.clear()
    for entry in request.environ:
        name, _, value = entry.partition(b"=")
        environ[name] = value
        os.putenv(name, value)
    if request.cold:
        _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)
        _signal.signal(_signal.SIGXFSZ, _signal.SIG_DFL)
        try:
            os.execve(b"./" + request.name, request.argv, environ)
        except OSError as failure:
            os.write(2, b"cannot be executed: %s\n" % failure.strerror.encode())
            os._exit(127)
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    sys.argv = [os.fsdecode(argument) for argument in request.argv]
    path = request.code.co_filename
    if not getattr(sys.flags, "safe_path", sys.flags.isolated):
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    main.__annotations__ = {}
    main.__builtins__ = sys.modules["builtins"]
    main.__loader__ = SourceFileLoader("__main__", path)
    main.__file__ = path
    main.__cached__ = None
    gc.enable()
    status = 0
    try:
        exec(request.code, main.__dict__)
    except SystemExit as end:
        status = end.code
        if status is None:
            status = 0
        elif not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException as failure:
        sys.excepthook(type(failure), failure, failure.__traceback__.tb_next)
        status = 1
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    atexit._run_exitfuncs()
    main.__dict__.clear()
    gc.collect()
    try:
        sys.stdout.flush()
    except Exception:
        status = 120
    os._exit(status & 255)


def standard_streams(stdin):
    """Makes sys.stdin, sys.stdout and sys.stderr as the interpreter would on pipes."""
    made = []
    unbuffered = sys.stdout.write_through
    for fd, old in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        raw = open(fd, "wb" if fd else "rb", 0 if fd and unbuffered else -1, closefd=False)
        (raw if fd and unbuffered else raw.raw).name = ("<stdin>", "<stdout>", "<stderr>")[fd]
        text = type(old)(
            raw,
            old.encoding,
            old.errors,
            "\n",
            fd == 2 and not unbuffered,
            unbuffered,
        )
        text.mode = "w" if fd else "r"
        made.append(text)
    sys.stdin, sys.stdout, sys.stderr = made
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = made


def high(fd):
    """The descriptor, moved out of the way."""
    import fcntl

    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.close(fd)
    return moved


def main():
    preload, found, limits = [], [], []
    for option in sys.argv[1:]:
        name, _, value = option.partition("=")
        if name == "--preload":
            preload = value.split(",") if value else []
        elif name == "--preload-found":
            found = value.split(",") if value else []
        elif name == "--limit":
            what, soft, hard = value.split(":")
            limits.append((LIMITS[what], int(soft), int(hard)))
        elif name != "--spare":
            sys.exit("keeper: no such option: " + option)
    channel = _socket.socket(fileno=high(os.dup(0)))
    empty, other = os.pipe()
    os.dup2(empty, 0)
    os.dup2(2, 1)
    os.close(empty)
    os.close(other)
    standard_streams(None)
    for name in preload:
        try:
            __import__(name)
        except BaseException as failure:
            channel.send(b"failed %s: %s\n" % (name.encode(), str(failure).encode()))
            sys.exit(1)
    for name in found:
        try:
            __import__(name)
        except ImportError:
            pass
    names = {name.partition(".")[0] for name in sys.modules} - {name.partition(".")[0] for name in FRESH}
    if len(os.listdir("/proc/self/task")) > 1:
        channel.send(b"failed the preloaded modules have started a thread\n")
        sys.exit(1)
    ours, theirs = os.pipe()
    ours, theirs = high(ours), high(theirs)
    os.set_blocking(ours, False)
    os.set_blocking(theirs, False)
    _signal.signal(_signal.SIGCHLD, lambda *_: None)
    _signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    gc.disable()
    keeper = Keeper(channel, ours)
    keeper.scripts = Scripts()
    keeper.say(b"ready %d.%d.%d\nmodules %s" % (*sys.version_info[:3], ",".join(sorted(names)).encode()))
    live(keeper.serve(), limits)


if __name__ == "__main__":
    main()
