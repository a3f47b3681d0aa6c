"""Keeps a Python interpreter warm, and runs each CGI script that the daemon names in a fork of it.

    INTERPRETER FLAGS... /proc/self/fd/1 [--preload=NAME,...] [--preload-found=NAME,...] [--limit=RES:SOFT:HARD]...
        [--spare=N]

Descriptor 0 is a stream socket to the daemon, 1 is this source, 2 is the log. It needs the standard library of
CPython 3.8 or later alone. What the daemon sends is a big-endian length of 32 bits, then fields with NULs between them:

    run ID NAME ARGC ARGV... NAME=VALUE...    with four descriptors: stdin, stdout, stderr, the script's folder
    exec ID NAME PROGRAM ARGC ARGV... ...     the same for a program to be executed: a path, from the folder if relative
    kill ID SIGNAL                            to the process group of that request

and the answers are lines:

    ready VERSION | failed TEXT               once
    modules NAME,...                          what is imported beyond what a fresh interpreter has
    forked ID PID                             at most 20 ms late, or together with the next line
    ended ID PID STATUS UTIME STIME LEFT      wait status, microseconds, whether its process group has members yet
    gone ID                                   the group that was left is empty
    busy ID ERRNO                             no process, no descriptors to be had, or the program cannot be executed
    cold ID REASON TEXT                       the child executes the script, which cannot run in a fork
    lacks MODULE,... PATH                     modules that the script imports and the keeper has not
    stale MODULE                              the file of an imported module has changed

Each script is a process of its own in a session of its own, and nothing that it does reaches this one's memory. When
the socket ends, so does the keeper, at once; scripts that still run are the daemon's business. With --spare, N children
wait forked: they answer sooner, and cost as much.
"""

import sys

if __name__ == "__main__":  # see main() for the second time that this is run
    MAIN = tuple(globals())[:-1]  # the names that this version's interpreter gives to a script, in its order
    PATH_0 = not getattr(sys.flags, "safe_path", sys.flags.isolated)  # whether scripts find modules in their folder
    if PATH_0:
        # The folder that this source lies in, though without a name: /tmp, where everybody may put a struct.py.
        del sys.path[0]
    FRESH = frozenset(sys.modules)  # what a script finds imported at its first line

# _signal and _socket: their wrappers import enum and selectors, which a script may not need.
import _imp
import _signal
import _socket
import atexit
import errno
import gc
import marshal
import os
import resource
import select
import stat
import time
import warnings
from _frozen_importlib_external import EXTENSION_SUFFIXES, MAGIC_NUMBER, PathFinder, SourceFileLoader
from _operator import is_ as ignore  # of a signal and a frame: what counts is the byte for set_wakeup_fd()
from _thread import _count as thread_count
from fcntl import F_DUPFD_CLOEXEC, fcntl
from io import BufferedRandom, BufferedWriter, BytesIO, TextIOWrapper

NAME = "<cgi-fpm>"  # instead of this file's: nobody shall look for it where a script's output goes
MESSAGE_MAX = 1 << 20  # bytes of one message from the daemon
ROOM = _socket.CMSG_SPACE(16)  # for the four descriptors of a message
UNREAD_MAX = 1 << 18  # bytes that the daemon may leave unread
HELD = 0.02  # seconds that a "forked" may wait for another line
CHECKED = 1.0  # seconds between looks for modules that have changed
LINGER = 0.05  # seconds between looks for groups that have become empty
TO_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW  # a script, unless it is a link
TOP = 1024 if sys.version_info < (3, 10) else 1 << 20  # beyond all descriptors of the keeper; one call closes many
HIGH = 40  # the keeper's own descriptors are from here up; the kernel copies tables of up to 64 fastest
SCRIPTS_MAX, SOURCES_MAX, SOURCE_MAX = 256, 16 << 20, 1 << 20  # compiled scripts; bytes of their sources; of one
SPARE_DELAY = 0.003  # seconds after a request before a spare child takes the place of the one that got it
SPARE_PAUSE = 1.0  # seconds after a spare child has died before another takes its place
SPARE_MAX = 100_000  # bytes of a message to a spare child, which its socket must take at once
REHEARSALS = 20  # after which an interpreter has specialised the code that it runs
SETTLED = 100_000_000  # nanoseconds without a change after which a file's times will tell its next change
before = set(sys.modules)
from opcode import opmap  # which nobody else needs

for each in set(sys.modules) - before:
    del sys.modules[each]
IMPORT_NAME, EXTENDED_ARG = opmap["IMPORT_NAME"], opmap["EXTENDED_ARG"]
LIMITS = {"cpu": resource.RLIMIT_CPU, "nofile": resource.RLIMIT_NOFILE, "fsize": resource.RLIMIT_FSIZE}
SUFFIXES = (*EXTENSION_SUFFIXES, ".py", ".pyc")  # of the files that an import finds
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


class Fatal(Exception):
    """The keeper cannot go on; the text says why."""


class Prepared(BaseException):
    """Raised when all is imported, to leave this module's frame and the interpreter's copy of its source behind."""


class Request:
    """What one message of kind "run" or "exec" asks for."""

    __slots__ = ("id", "name", "program", "argv", "environ", "fds", "script", "cold", "executable")

    def __init__(self, fields, fds):
        self.program = fields.pop(3) if fields[0] == b"exec" else None
        count = int(fields[3])
        self.id = int(fields[1])
        self.name = fields[2]
        self.argv = fields[4 : 4 + count]
        self.environ = fields[4 + count :]
        self.fds = fds
        self.script = None
        self.cold = None  # why it is executed instead of being run in the fork: bytes for the answer
        self.executable = None  # what sys.executable would be, if it is not the keeper's
        if count < 1 or len(self.argv) < count or b"/" in self.name or not self.name:
            raise ValueError("a run without a script")


class Channel:
    """The socket to the daemon: messages from it, lines to it. Its reader never waits, and neither does its writer."""

    def __init__(self, fd):
        self.socket = _socket.socket(fileno=fd)
        self.fd = fd
        self.incoming = bytearray()
        self.outgoing = b""
        self.held = b""
        self.held_until = 0.0  # of the clock of time.monotonic()
        self.received = []  # descriptors whose message is not complete yet; -1 stands for one that was lost

    def say(self, line):
        self.outgoing += b"%s%s\n" % (self.held, line)
        self.held = b""
        self.flush()

    def hold(self, line):
        """Says it together with the next line, or 20 ms from now if flush_held() is called."""
        if not self.held:
            self.held_until = time.monotonic() + HELD
        self.held += line + b"\n"

    def flush_held(self):
        if self.held and time.monotonic() >= self.held_until:
            self.outgoing += self.held
            self.held = b""
            self.flush()

    def flush(self):
        """Sends what the socket takes."""
        try:
            sent = self.socket.send(self.outgoing, _socket.MSG_DONTWAIT | _socket.MSG_NOSIGNAL)
            self.outgoing = self.outgoing[sent:]
        except BlockingIOError:
            pass
        except OSError:
            os._exit(0)  # the daemon is gone
        if len(self.outgoing) > UNREAD_MAX:
            raise Fatal("the daemon does not read")

    def fill(self, wait=_socket.MSG_DONTWAIT):
        """Reads what has come, and the descriptors of at most one message: the kernel stops behind them."""
        try:
            data, extra, flags, _ = self.socket.recvmsg(65536, ROOM, wait | _socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except OSError:
            os._exit(0)
        if not data:
            os._exit(0)
        self.incoming += data
        fds = []
        for level, kind, content in extra:
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
                fds += [int.from_bytes(content[at : at + 4], sys.byteorder) for at in range(0, len(content) - 3, 4)]
        if flags & _socket.MSG_CTRUNC:  # no room for them in this process's table
            for fd in fds:
                os.close(fd)
            fds = [-1] * 4
        self.received += fds

    def message(self, separator=b"\0"):
        """The fields of the next message if all of it is there, else None. Without a separator it is one field."""
        incoming = self.incoming
        if len(incoming) < 4:
            return None
        length = int.from_bytes(incoming[:4], "big")
        if length > MESSAGE_MAX:
            raise Fatal("a message of %d bytes" % length)
        if len(incoming) < 4 + length:
            return None
        fields = bytes(incoming[4 : 4 + length])
        fields = fields.split(separator) if separator else [fields]
        del incoming[: 4 + length]
        return fields

    def descriptors(self):
        """The descriptors that belong to the message just taken."""
        fds = self.received[:4]
        del self.received[:4]
        if len(fds) < 4:
            raise ValueError("a run with %d descriptors" % len(fds))
        return fds


class Keeper:
    """The parent of all scripts: one thread, which waits for the daemon and for the ends of its children."""

    __slots__ = ("channel", "wakeup", "poll", "limited", "scripts", "modules", "surroundings")
    __slots__ += ("children", "groups", "left", "members", "spares", "spares_wanted", "spares_after")

    def __init__(self, channel, wakeup, limited, spares_wanted, scripts, modules, surroundings):
        self.channel = channel
        self.wakeup = wakeup  # readable when a child has ended
        self.limited = limited  # whether children have limits of their own
        self.scripts = scripts
        self.modules = modules
        self.surroundings = surroundings
        self.children = {}  # process id: request id
        self.groups = {}  # request id: process group
        self.left = {}  # the same, for those whose leader has ended
        self.members = {}  # process group of these: a process of it that lived when it was looked at
        self.poll = select.poll()
        self.spares = {}  # process id of a child that waits for a request: the socket on which it waits
        self.spares_wanted = spares_wanted
        self.spares_after = 0.0  # of the clock of time.monotonic(): when another may be forked

    def be_ready(self):
        names = printable(",".join(self.modules.names), 60000)
        self.channel.say(b"ready %d.%d.%d\nmodules %s" % (*sys.version_info[:3], names))

    def serve(self):
        """
        Serves until the daemon is gone, which ends the process. Returns in children: with their Request, or in those
        that wait for one with the descriptor on which it will come.
        """
        channel = self.channel
        poll = self.poll
        poll.register(channel.fd, select.POLLIN)
        poll.register(self.wakeup, select.POLLIN)
        blocked = False
        while True:
            if blocked != bool(channel.outgoing):
                blocked = not blocked
                poll.modify(channel.fd, select.POLLIN | select.POLLOUT if blocked else select.POLLIN)
            for fd, events in poll.poll(self.patience()):
                if fd == self.wakeup:
                    self.reap()
                    continue
                if events & select.POLLOUT:
                    channel.flush()
                if events & ~select.POLLOUT:
                    channel.fill()
                    request = self.obey()
                    if request is not None:
                        return request
            channel.flush_held()
            if self.left:
                self.look()
            if len(self.spares) < self.spares_wanted and time.monotonic() >= self.spares_after:
                fd = self.fork_spare()
                if fd is not None:
                    return fd

    def patience(self):
        """For how many milliseconds there is nothing to be done if nothing happens."""
        if self.channel.held:
            return max(0.0, self.channel.held_until - time.monotonic()) * 1000  # and then the next look at the rest
        wait = LINGER if self.left else None
        if len(self.spares) < self.spares_wanted:
            spare = max(0.0, self.spares_after - time.monotonic())
            wait = spare if wait is None else min(wait, spare)
        return None if wait is None else wait * 1000

    def obey(self):
        """Does what the messages say that have come. Returns a Request in children only."""
        fields = self.channel.message()
        while fields is not None:
            try:
                if fields[0] == b"run" or fields[0] == b"exec":
                    request = self.run(Request(fields, self.channel.descriptors()))
                    if request is not None:
                        return request
                elif fields[0] == b"kill":
                    self.kill(int(fields[1]), int(fields[2]))
                else:
                    raise ValueError("its kind is %r" % fields[0][:20])
            except (ValueError, IndexError) as failure:
                raise Fatal("a message that is not understood: %s" % failure) from failure
            fields = self.channel.message()
        return None

    def run(self, request):
        """Forks a child for the request, and returns it there."""
        if time.monotonic() >= self.modules.next_check:
            module = self.modules.stale()
            if module is not None:
                self.channel.say(b"stale " + printable(module))
        number = errno.EMFILE if -1 in request.fds else request.program is None and self.prepare(request)
        if not number:
            try:
                if request.program is not None and not self.limited:
                    pid = spawn(request)
                else:
                    pid = self.spares and self.give_to_spare(request) or os.fork()
            except OSError as failure:
                number = failure.errno
            else:
                if pid == 0:
                    return request
        for fd in request.fds:
            if fd >= 0:
                os.close(fd)
        if number:
            self.channel.say(b"busy %d %d" % (request.id, number))
            return None
        self.children[pid] = request.id
        self.groups[request.id] = pid
        self.channel.hold(b"forked %d %d" % (request.id, pid))
        if request.cold:
            self.channel.say(b"cold %d %s" % (request.id, request.cold))
        return None

    def fork_spare(self):
        """Forks a child that waits. Returns a descriptor in it."""
        try:
            ours, theirs = _socket.socketpair()
        except OSError:
            self.spares_after = time.monotonic() + SPARE_PAUSE
            return None
        try:
            ours = high_socket(ours)
            pid = os.fork()
            if pid == 0:
                return theirs.detach()
            self.spares[pid] = ours
        except OSError:
            ours.close()
            self.spares_after = time.monotonic() + SPARE_PAUSE
        theirs.close()
        return None

    def give_to_spare(self, request):
        """Passes the request to a child that waits; returns its process id, or None if this cannot be done."""
        script = request.script
        if request.cold or script is None or script.warnings:
            return None
        if script.marshalled is None:
            script.marshalled = marshal.dumps(script.code)
        values = request.name, request.argv, request.environ, request.executable, script.folder, script.interpreter
        data = marshal.dumps((*values, script.marshalled))
        if len(data) > SPARE_MAX:
            return None
        pid = next(iter(self.spares))
        spare = self.spares.pop(pid)
        data = len(data).to_bytes(4, "big") + data
        fds = b"".join(fd.to_bytes(4, sys.byteorder) for fd in request.fds)
        rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)]
        try:
            sent = spare.sendmsg([data], rights, _socket.MSG_DONTWAIT | _socket.MSG_NOSIGNAL)
        except OSError:
            sent = 0
        spare.close()
        if sent == len(data):
            # Another one is forked when there is a moment, not while this one and the daemon want the processors.
            self.spares_after = max(self.spares_after, time.monotonic() + SPARE_DELAY)
            return pid
        try:
            os.kill(pid, _signal.SIGKILL)  # it may be stopped; reap() will find that nobody asked for it
        except ProcessLookupError:
            pass
        return None

    def prepare(self, request):
        """Finds the script's code, or why it cannot run in a fork. Returns an error number if there is no room."""
        try:
            script = self.scripts.find(request.fds[3], request.name)
        except OSError as failure:
            if failure.errno in FULL:
                return failure.errno
            request.cold = b"unreadable " + errno.errorcode.get(failure.errno, "?").encode()
            return 0
        if script.lacks:
            path = script.path.replace("/./", "/")
            self.channel.say(b"lacks %s %s" % (printable(",".join(script.lacks)), printable(path)))
            script.lacks = ()
        request.script = script
        request.cold = script.cold or self.modules.hidden(script.folder) or self.surroundings.differ(request.environ)
        request.executable = self.surroundings.executable(script.interpreter, request.environ)
        return 0

    def kill(self, number, what):
        """Signals the process group of a request, or its process if this has no group of its own yet."""
        pid = self.groups.get(number) or self.left.get(number)
        try:
            if pid:
                os.killpg(pid, what)
        except ProcessLookupError:
            if number in self.groups:
                os.kill(pid, what)
        except OSError as failure:
            print("keeper: process %d cannot be signalled: %s" % (pid, failure), file=sys.stderr)

    def reap(self):
        """Reports the children that have ended."""
        while drain(self.wakeup):
            pass
        while self.children or self.spares:  # asked once more, the kernel would say that there are none: an exception
            pid, status, usage = os.wait3(os.WNOHANG)
            if pid == 0:
                return
            number = self.children.pop(pid, None)
            if number is None:
                if pid in self.spares:
                    self.spares.pop(pid).close()
                    self.spares_after = time.monotonic() + SPARE_PAUSE
                continue
            del self.groups[number]
            left = has_members(pid)
            if left:
                self.left[number] = pid
            times = usage.ru_utime * 1e6, usage.ru_stime * 1e6
            self.channel.say(b"ended %d %d %d %d %d %d" % (number, pid, status, *times, left))

    def look(self):
        """Reports the groups that have become empty."""
        for number, pid in list(self.left.items()):
            if not has_members(pid) or not self.lives(pid):
                del self.left[number]
                self.members.pop(pid, None)
                self.channel.say(b"gone %d" % number)

    def lives(self, group):
        """
        Whether any of a group's members is more than a zombie. Whoever inherits orphans may take some time to collect
        them, or where a container has no init, never do it.
        """
        member = self.members.get(group)
        if member is None or group_of(member) != group:
            try:
                numbers = filter(str.isdigit, os.listdir("/proc"))
            except OSError:
                return True  # nobody can say
            member = next((number for number in numbers if group_of(number) == group), None)
            self.members[group] = member
        return member is not None


def drain(fd):
    """Reads bytes that only wake; true if there may be more."""
    try:
        return len(os.read(fd, 4096)) == 4096
    except BlockingIOError:
        return False


def has_members(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def group_of(process):
    """The process group of a process that lives, 0 of a zombie and where there is none of that number."""
    try:
        with open("/proc/%s/stat" % process, "rb", 0) as file:
            state, _, group = file.read(1024).rpartition(b")")[2].split()[:3]
    except (OSError, ValueError):
        return 0
    return 0 if state in b"ZX" else int(group)


def printable(text, most=1500):
    """ASCII without line ends, for a line to the daemon."""
    return text[:most].encode("ascii", "backslashreplace").replace(b"\n", b"\\n")


class Script:
    """One version of a script."""

    __slots__ = ("path", "folder", "version", "size", "code", "warnings", "interpreter", "cold", "lacks")
    __slots__ += ("marshalled",)


class Scripts:
    """Compiled scripts, as long as their files do not change."""

    def __init__(self):
        self.known = {}  # path: Script, the one asked for last at the end
        self.size = 0

    def find(self, folder, name):
        """The script of that name in the folder of that descriptor. Raises OSError if the user may not read it."""
        folder_path = os.readlink("/proc/self/fd/%d" % folder)
        path = folder_path + "/./" + os.fsdecode(name)
        try:
            fd = os.open(name, TO_READ, dir_fd=folder)
        except OSError as failure:
            if failure.errno != errno.ELOOP:
                raise
            fd = os.open(name, TO_READ & ~os.O_NOFOLLOW, dir_fd=folder)
            folder_path = os.path.dirname(os.path.realpath(path))
        try:
            status = os.fstat(fd)
            version = status.st_dev, status.st_ino, status.st_ctime_ns, status.st_size, folder_path
            script = self.known.pop(path, None)
            if script is not None:
                if script.version == version:
                    self.known[path] = script
                    return script
                self.size -= script.size
            script = Script()
            script.path, script.folder, script.version, script.size = path, folder_path, version, status.st_size
            compile_script(script, fd if stat.S_ISREG(status.st_mode) else -1)
        finally:
            os.close(fd)
        if status.st_size <= SOURCE_MAX and time.time_ns() - status.st_ctime_ns > SETTLED:
            self.known[path] = script
            self.size += script.size
            while self.size > SOURCES_MAX or len(self.known) > SCRIPTS_MAX:
                self.size -= self.known.pop(next(iter(self.known))).size
        else:
            script.lacks = ()  # it would be said at each request
        return script


def compile_script(script, fd):
    """Fills in what is known of a script from its source. What only the interpreter itself can say runs cold."""
    script.code = script.cold = script.interpreter = script.marshalled = None
    script.warnings = script.lacks = ()
    if fd < 0:
        script.cold = b"unreadable no regular file"
        return
    with open(fd, "rb", closefd=False) as file:
        source = file.read(SOURCE_MAX + 1)
    if len(source) > SOURCE_MAX:
        script.cold = b"large of more than %d bytes" % SOURCE_MAX
        return
    first = source[: source.find(b"\n") + 1][:256]
    words = os.fsdecode(first[2:]).split() if first.startswith(b"#!") else []
    if len(words) > 1 and words[0].endswith("/env"):
        words = words[2:] if words[1] == "-S" else words[1:]
    script.interpreter = words or None
    path = script.path if sys.version_info >= (3, 9) else "./" + script.path.rpartition("/")[2]
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            script.code = compile(source, path, "exec", dont_inherit=True)
    except Exception as failure:
        script.cold = b"syntax " + printable("%s: %s" % (type(failure).__name__, failure))
        return
    script.warnings = [(each.message, each.category, each.filename, each.lineno) for each in caught]
    if caught and sys.warnoptions:
        script.cold = b"syntax warnings that may be errors"
    script.lacks = lacking(script.code, script.folder)


def lacking(code, folder):
    """The modules that the code imports, that could be imported, and that are not."""
    names = set()
    codes = [code]
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if type(constant) is type(code)]
        words = code.co_code
        argument = 0
        for at in range(0, len(words), 2):
            argument = argument << 8 | words[at + 1]
            if words[at] == IMPORT_NAME and argument < len(code.co_names):
                names.add(code.co_names[argument].partition(".")[0])
            if words[at] != EXTENDED_ARG:
                argument = 0
    found = []
    for name in sorted(names - set(sys.modules) - set(sys.builtin_module_names) - {""}):
        path = os.path.join(folder, name)
        if os.path.isdir(path) or any(os.path.exists(path + suffix) for suffix in SUFFIXES):
            continue
        try:
            if not _imp.is_frozen(name) and PathFinder.find_spec(name) is not None:
                found.append(name)
        except Exception:
            pass
    return tuple(found)


class Modules:
    """What the keeper has imported: which local files would hide it, and whether its own files have changed."""

    def __init__(self):
        now = {name.partition(".")[0] for name in sys.modules} - {name.partition(".")[0] for name in FRESH}
        self.names = sorted(now)
        builtin = set(sys.builtin_module_names)
        # The folder of each, for one that lies beside the script hides nothing.
        self.hideable = {name: origin(name) for name in now if name not in builtin and not _imp.is_frozen(name)}
        self.folders = {}  # path: its times, and what it hides
        self.files = {}
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and name not in ("__main__", "__mp_main__"):
                self.files[name] = file, times_of(file)
        self.next_check = time.monotonic() + CHECKED  # when it is time for stale()

    def stale(self):
        """The first module whose file has changed, or None; after one it finds no other."""
        self.next_check = time.monotonic() + CHECKED
        for name, (file, times) in self.files.items():
            if times_of(file) != times:
                self.files = {}
                return name
        return None

    def hidden(self, folder):
        """The reason for a cold run if a script's folder holds a module named as one that is imported here."""
        if not PATH_0:
            return None
        times = times_of(folder)
        if times is None:
            return None  # what cannot be found by its path cannot be imported from
        known = self.folders.get(folder)
        if known is not None and known[0] == times:
            return known[1]
        names, unsure = [], False
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name, _, suffix = entry.name.partition(".")
                    if (
                        name in self.hideable
                        and (not suffix or "." + suffix in SUFFIXES)
                        and self.hideable[name] != (times[0], times[3])
                    ):
                        if not suffix:
                            unsure = True  # its own folder's times do not tell when it becomes a package
                            if not any(os.path.exists(entry.path + "/__init__" + end) for end in SUFFIXES):
                                continue
                        names.append(name)
        except OSError:
            pass  # nor can be what cannot be listed
        verdict = b"hidden " + printable(min(names)) if names else None
        if not unsure and time.time_ns() - max(times[1:3]) > SETTLED:
            if len(self.folders) >= SCRIPTS_MAX:
                self.folders.clear()
            self.folders[folder] = times, verdict
        return verdict


def origin(name):
    """The inode and device of the folder that a module was imported from."""
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return None
    folder = os.path.dirname(os.path.dirname(file) if hasattr(module, "__path__") else file)
    times = times_of(folder)
    return times and (times[0], times[3])


def times_of(path):
    """What changes when a file or folder does, None if it is not there."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_ctime_ns, status.st_mtime_ns, status.st_dev, status.st_size


class Surroundings:
    """What an interpreter takes from its environment at its start, and a fork so cannot take from its own."""

    def __init__(self):
        entries = given_environment()
        self.obeyed = () if sys.flags.ignore_environment else (b"PYTHON",)
        if not sys.flags.no_user_site and not sys.flags.isolated:
            self.obeyed += (b"HOME=",)
        self.prefixes = (*self.obeyed, b"LC_ALL=", b"LC_CTYPE=", b"LANG=")
        self.own = self.of(entries)
        given = {entry.partition(b"=")[0] for entry in entries}
        # An interpreter that finds the C locale sets this for itself and its children (PEP 538).
        self.coerced = [] if b"LC_CTYPE" in given else [b"LC_CTYPE=" + os.environb.get(b"LC_CTYPE", b"")]
        if self.coerced == [b"LC_CTYPE="]:
            self.coerced = []
        self.executables = {}

    def of(self, entries):
        """The entries that count, with the three of the locale reduced to the one that is obeyed."""
        counting = {entry for entry in entries if entry.startswith(self.prefixes)}
        if not counting:
            return counting
        locale = dict.fromkeys((b"LC_ALL", b"LC_CTYPE", b"LANG"), b"")
        rest = set()
        for entry in counting:
            name, _, value = entry.partition(b"=")
            if name in locale:
                locale[name] = value
            else:
                rest.add(entry)
        obeyed = locale[b"LC_ALL"] or locale[b"LC_CTYPE"] or locale[b"LANG"]
        if obeyed:
            rest.add(b"locale=" + obeyed)
        return rest

    def differ(self, entries):
        """The reason for a cold run if the entries would have started an interpreter that is not like this one."""
        difference = self.of(entries) ^ self.own
        if not difference:
            return None
        names = sorted({entry.partition(b"=")[0].decode("ascii", "replace") for entry in difference})
        return b"environment " + printable(",".join(names))

    def executable(self, words, entries):
        """What sys.executable is under a first line of these words."""
        if not words:
            return None
        path = b""
        if "/" not in words[0]:
            for entry in entries:
                if entry.startswith(b"PATH="):
                    path = entry[5:]
        found = self.executables.get((words[0], path))
        if found is None:
            candidates = [words[0]]
            if path:
                candidates = [os.path.join(folder, words[0]) for folder in os.fsdecode(path).split(":")]
            found = next((each for each in candidates if os.access(each, os.X_OK)), sys.executable)
            if len(self.executables) >= SCRIPTS_MAX:
                self.executables.clear()
            self.executables[words[0], path] = found
        return found


class Child:
    """What the keeper has prepared for its children: all that a script's process needs is in here or in its Request."""

    def __init__(self, surroundings, limits, streams, null_stdin):
        self.keeper = None
        self.limits = limits
        self.streams = streams
        self.null_stdin = null_stdin
        self.coerced = surroundings.coerced
        self.zone = os.environb.get(b"TZ")
        self.hook = sys.excepthook
        self.foreign = any(map(is_foreign, list(sys.modules.values())))
        if self.foreign:
            flush_c()  # with what that imports
        self.modules = frozenset(sys.modules)
        self.pipe = None  # tells the keeper of signals
        self.wakeup = self.sigchld = None  # what signals were like before the keeper's own treatment
        # The keeper's descriptors are closed around those that the imported modules have opened.
        opened = sorted(int(name) for name in os.listdir("/proc/self/fd"))
        self.kept = [fd for fd in opened if 2 < fd < HIGH and is_open(fd)]
        self.logging = sys.modules.get("logging")
        self.threading = sys.modules.get("threading")
        self.hooks = []  # functions that os.fork() calls in the child, and their own code; the script gets it back
        if self.threading is not None:
            self.shorten(self.threading, "_after_fork", become_main_thread)
        if self.logging is not None:
            atexit.unregister(self.logging.shutdown)  # see end()
            self.handlers = len(self.logging._handlerList)
            if sys.version_info >= (3, 9):
                self.shorten(self.logging, "_after_at_fork_child_reinit_locks", release_logging)

    def shorten(self, module, name, function):
        """Lets a hook do what it must after a fork of the keeper, which has one thread and holds no lock. What the
        module's own does on top of that touches a hundred pages, and the child has to copy each."""
        hook = getattr(module, name, None)
        if type(hook) is type(function) and not hook.__code__.co_freevars:
            self.hooks.append((hook, hook.__code__, function.__code__))
            hook.__code__ = function.__code__

    def live(self, kind, failure, trace):
        """The excepthook of the keeper: its frame is the only one below a script's. It never returns."""
        if kind is not Prepared:
            self.hook(kind, failure, trace)
            os._exit(1)
        failure = trace = None
        sys.excepthook = self.hook
        gc.collect()
        gc.freeze()
        self.rehearse(REHEARSALS)
        gc.freeze()
        self.keeper.be_ready()
        request = self.await_birth()
        # Nothing may leave this frame: the interpreter would show the one below, whose source has the name of what is
        # the script's standard output now, and wait for somebody to write that source into the pipe.
        try:
            if isinstance(request, int):
                request = self.await_request(request)
            main = self.become(request)
        except BaseException as failure:
            self.hook(type(failure), failure, failure.__traceback__)
            sys.stderr.flush()
            os._exit(1)
        try:
            exec(request.script.code, main)
            status = 0
        except BaseException as failure:
            main = None
            try:
                status = self.report(failure)
            except BaseException:
                status = 1
        main = None
        try:
            self.end(status)
        except SystemExit:
            raise  # to the interpreter's own end
        except BaseException:
            os._exit(1)

    def await_birth(self):
        """In the parent it lasts for ever; in a child it returns the Request."""
        try:
            return self.keeper.serve()
        except Fatal as failure:
            print("keeper: %s" % failure, file=sys.stderr)
        except BaseException as failure:
            self.hook(type(failure), failure, failure.__traceback__)
        sys.stderr.flush()
        os._exit(1)

    def await_request(self, fd):
        """In a child that was forked for later: does ahead what can be, and waits."""
        os.setsid()
        self.rehearse(1)
        self.take_signals()
        self.close_others(fd)
        channel = Channel(fd)
        values = None
        while values is None:
            channel.fill(0)
            values = channel.message(b"")
        values = marshal.loads(values[0])
        request = Request([b"run", b"0", values[0], b"1", b""], channel.descriptors())
        request.name, request.argv, request.environ, request.executable = values[:4]
        request.script = Script()
        request.script.folder, request.script.interpreter = values[4:6]
        request.script.code = marshal.loads(values[6])
        request.script.warnings = ()
        channel.socket.detach()
        return request

    def become(self, request):
        """Makes this process what a fresh interpreter is at the first line of the script; returns its __main__."""
        if os.getsid(0) != os.getpid():
            os.setsid()
        self.take_signals()
        self.take_descriptors(request.fds, TOP)
        try:
            for what, soft, hard in self.limits:
                resource.setrlimit(what, (soft, hard))
        except (OSError, ValueError) as failure:
            os.write(2, b"keeper: a limit cannot be set: %s\n" % str(failure).encode())
            os._exit(126)
        if request.cold or request.program is not None:
            execute(request)
        return self.settle(request)

    def settle(self, request):
        """The part of it that concerns Python's own state."""
        self.take_environment(request.environ)
        self.take_streams()
        script = request.script
        name_process(request.name)
        sys.argv = arguments = list(map(os.fsdecode, request.argv))
        if script.interpreter:
            sys.executable = request.executable
            if sys.version_info >= (3, 10):
                sys.orig_argv = script.interpreter + arguments
        if PATH_0:
            sys.path.insert(0, script.folder)
        if self.logging is not None:
            start_clock(self.logging)
        for hook, code, _ in self.hooks:
            hook.__code__ = code
        main = new_main(script.code.co_filename)
        gc.enable()
        for warning in script.warnings:
            warnings.warn_explicit(*warning)
        return main

    def rehearse(self, times):
        """
        Does what each child does, and undoes it. What an interpreter writes when it runs code for the first times
        (specialised code, caches of attributes, bound functions) is then written once, and not in each child.
        """
        kept = sys.argv, sys.executable, getattr(sys, "orig_argv", None), sys.modules["__main__"]
        with open("/proc/self/comm", "rb") as file:
            comm = file.read().rstrip(b"\n")
        root = os.open("/", os.O_PATH | os.O_CLOEXEC)
        zone = [] if self.zone is None else [b"TZ=" + self.zone]
        request = Request([b"run", b"0", comm, b"1", b"./rehearsal", b"A=1", *zone], [0, 1, 2, root])
        request.script = Script()
        request.script.code = compile("pass", NAME, "exec")
        request.script.warnings = ()
        request.script.folder = "/"
        request.script.interpreter, request.executable = ["python3"], sys.executable
        random = sys.modules.get("random")
        for _ in range(times):
            if random is not None:
                random.seed()  # as its hook does after a fork
            self.take_signals()
            self.take_descriptors(request.fds, 3)
            exec(request.script.code, self.settle(request))
            flushed()
            self.clear_away()
            os.environ.clear()
            if PATH_0:
                del sys.path[0]
            for hook, _, code in self.hooks:
                hook.__code__ = code
        use_modules(times)
        gc.disable()
        os.close(root)
        sys.argv, sys.executable, orig_argv, sys.modules["__main__"] = kept
        if orig_argv is not None:
            sys.orig_argv = orig_argv
        self.await_signals()

    def await_signals(self):
        """The keeper's own treatment of signals."""
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        self.sigchld = _signal.signal(_signal.SIGCHLD, ignore)
        self.wakeup = _signal.set_wakeup_fd(self.pipe, warn_on_full_buffer=False)

    def take_signals(self):
        """A script's treatment of signals."""
        _signal.set_wakeup_fd(self.wakeup)
        _signal.signal(_signal.SIGCHLD, self.sigchld)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)

    def take_descriptors(self, fds, top):
        os.fchdir(fds[3])
        for fd in 0, 1, 2:
            os.dup2(fds[fd], fd)
        first = 3
        for kept in self.kept:
            os.closerange(first, kept)
            first = kept + 1
        os.closerange(first, top)

    def close_others(self, fd):
        """Closes what is the keeper's, except one."""
        os.dup2(fd, HIGH - 1)
        first = 3
        for kept in [*self.kept, HIGH - 1]:
            os.closerange(first, kept)
            first = kept + 1
        os.closerange(first, TOP)
        os.dup2(HIGH - 1, fd)
        os.close(HIGH - 1)

    def take_environment(self, entries):
        data = os.environ._data
        for entry in entries + self.coerced:
            name, _, value = entry.partition(b"=")
            if name not in data:  # the first one counts, as in getenv(3)
                try:
                    os.putenv(name, value)
                    data[name] = value
                except (OSError, ValueError):
                    pass  # without a name
        if data.get(b"TZ") != self.zone:
            time.tzset()

    def take_streams(self):
        """The text streams were made on pipes. Standard input may also be /dev/null or a file, which can be seeked."""
        kind = stat.S_IFMT(os.fstat(0).st_mode)
        if kind == stat.S_IFCHR:
            sys.stdin = sys.__stdin__ = self.null_stdin
        elif kind == stat.S_IFREG:
            sys.stdin = sys.__stdin__ = standard_stream(0, self.null_stdin, self.null_stdin.write_through)

    def report(self, failure):
        """Does with an exception that left the script what the interpreter does; returns the exit status."""
        if isinstance(failure, SystemExit):
            return exit_status(failure.code)
        trace = failure.__traceback__.tb_next  # without this file's own frame
        failure.__traceback__ = trace
        sys.last_type, sys.last_value, sys.last_traceback = type(failure), failure, trace
        if sys.version_info >= (3, 12):
            sys.last_exc = failure
        if "excepthook" in sys.__dict__:
            hook = sys.excepthook  # be it None: then that is what is said of it
        else:
            sys.stderr.write("sys.excepthook is missing\n")
            hook = sys.__excepthook__
        try:
            hook(type(failure), failure, trace)
        except SystemExit as end:
            return exit_status(end.code)
        except BaseException as second:
            second.__traceback__ = second.__traceback__.tb_next
            second.__context__ = None
            sys.stderr.write("Error in sys.excepthook:\n")
            sys.__excepthook__(type(second), second, second.__traceback__)
            sys.stderr.write("\nOriginal exception was:\n")
            sys.__excepthook__(type(failure), failure, trace)
        return -_signal.SIGINT if isinstance(failure, KeyboardInterrupt) else 1

    def end(self, status):
        """Ends the process as Py_FinalizeEx() does, without taking all the modules apart that the keeper has."""
        threading = sys.modules.get("threading")
        try:
            if threading is not None and (thread_count() or getattr(threading, "_threading_atexits", ())):
                threading._shutdown()
            atexit._run_exitfuncs()
            if self.logging is not None and len(self.logging._handlerList) > self.handlers:
                self.logging.shutdown()  # the first that was registered, and so the last
        except BaseException:
            pass
        if thread_count() or not flushed():
            leave(status)
        foreign = self.clear_away()
        if foreign:
            flush_c()
        if status < 0:
            leave(status)
        os._exit(status)

    def clear_away(self):
        """Lets the script's objects go, so that those run which wait for that, and files that were left open are
        flushed. Returns whether C functions may have something left to write."""
        if gc.isenabled():
            gc.collect()
        names = sys.__dict__
        for name in LAST:
            names.pop(name, None)
        for name in STREAMS:
            names[name] = names.get("__%s__" % name)
        modules = sys.modules
        modules.pop("__main__", None)
        foreign = self.foreign
        while modules and next(reversed(modules)) not in self.modules:  # not all of them: each look is a copied page
            foreign = is_foreign(modules.popitem()[1]) or foreign
        gc.collect()
        left = [each for each in gc.get_objects() if type(each) in WRITERS]
        for stream in (*left, names["stdout"], names["stderr"], *self.streams):
            try:
                stream.flush()
            except Exception:
                pass  # as when a file is closed because nobody has it any more
        return foreign


STREAMS = ("stdin", "stdout", "stderr")
IGNORED = (_signal.SIGPIPE, _signal.SIGXFSZ)  # by interpreters
LAST = ("last_exc", "last_type", "last_value", "last_traceback")
WRITERS = (TextIOWrapper, BufferedWriter, BufferedRandom)


def use_modules(times):
    """Does what most forms do, for the same reason as a rehearsal."""
    cgi, html, json = map(sys.modules.get, ("cgi", "html", "json"))
    query = "name=value&other=1"
    head = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(query))}
    try:
        for _ in range(times):
            if cgi is not None:
                cgi.FieldStorage(environ={"REQUEST_METHOD": "GET", "QUERY_STRING": query}).getvalue("name", "")
                form = cgi.FieldStorage(BytesIO(query.encode()), environ={"REQUEST_METHOD": "POST", **head})
                form.getfirst("name", ""), "name" in form, dict(form)
            if html is not None:
                html.escape("<")
            if json is not None:
                json.loads(json.dumps({"name": ["value", 1]}))
    except Exception as failure:
        print("keeper: cgi, html or json do not work: %s" % failure, file=sys.stderr)


def execute(request):
    """Replaces the child by a fresh interpreter, or by the program that shall be executed."""
    for number in IGNORED:
        _signal.signal(number, _signal.SIG_DFL)
    program = request.program or b"./" + request.name
    try:
        os.execve(program, request.argv, environ_of(request))
    except OSError as failure:
        os.write(2, b"%s: %s\n" % (program, failure.strerror.encode()))
    os._exit(126)


def spawn(request):
    """Starts the program of the request without a fork of all this memory; returns its process id."""
    os.fchdir(request.fds[3])
    try:
        return os.posix_spawn(
            request.program,
            request.argv,
            environ_of(request),
            file_actions=[(os.POSIX_SPAWN_DUP2, request.fds[fd], fd) for fd in (0, 1, 2)],
            setsid=True,
            setsigmask=(),
            setsigdef=IGNORED,
        )
    finally:
        os.chdir("/")


def environ_of(request):
    """The environment for a program. Of entries with the same name the first counts, as in getenv(3)."""
    environ = {}
    for entry in request.environ:
        name, equals, value = entry.partition(b"=")
        if name and equals:
            environ.setdefault(name, value)
    return environ


def become_main_thread():
    """Instead of threading._after_fork(), and with its globals: the main thread is the only one already."""
    _main_thread._set_native_id()


def release_logging():
    """Instead of logging's hook, and with its globals: nobody is in a handler."""
    _lock._at_fork_reinit()


def name_process(name):
    """The name that ps shows: exec would have set it."""
    try:
        fd = os.open("/proc/self/comm", os.O_WRONLY)
        os.write(fd, name[:15])
        os.close(fd)
    except OSError:
        pass


def start_clock(logging):
    """The time that logging counts from."""
    logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()


def new_main(path):
    """A __main__ as the interpreter makes it for a script; returns its dict."""
    module = type(sys)("__main__")
    names = module.__dict__
    for name in MAIN:
        if name == "__loader__":
            names[name] = SourceFileLoader("__main__", path)
        elif name == "__annotations__":
            names[name] = {}
        elif name == "__builtins__":
            names[name] = sys.modules["builtins"]
        elif name == "__file__":
            names[name] = path
        elif name != "__name__":
            names[name] = None
    sys.modules["__main__"] = module
    return names


def exit_status(code):
    """What sys.exit(code) ends with; says what is no number."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 255 if -1 << 63 <= code < 1 << 63 else 255
    try:
        text = str(code)
    except BaseException:
        text = ""
    stderr = sys.__dict__.get("stderr")
    if stderr is None:
        os.write(2, text.encode("utf-8", "backslashreplace") + b"\n")
        return 1
    try:
        print(text, file=stderr)
    except BaseException:
        os.write(2, b"\n")
    return 1


def is_foreign(module):
    """Whether C functions that are not the standard library's may have written by way of libc's buffers."""
    names = getattr(module, "__dict__", {})
    file = names.get("__file__")
    return names.get("__name__") == "ctypes" or isinstance(file, str) and ".so" in file and "/lib-dynload/" not in file


def flush_c():
    """Writes what is in libc's buffers: _exit(2) would lose it."""
    try:
        from ctypes import pythonapi

        pythonapi.fflush(None)
    except Exception:
        pass  # without ctypes


def flushed():
    """Whether sys.stdout and sys.stderr could be flushed."""
    for name in "stdout", "stderr":
        stream = sys.__dict__.get(name)
        if stream is not None:
            try:
                closed = stream.closed
            except Exception:
                closed = False
            try:
                if not closed:
                    stream.flush()
            except BaseException:
                return False
    return True


def leave(status):
    """Lets the interpreter end the process. It takes longer and says by itself what it does not like."""
    if status < 0:
        _signal.signal(-status, _signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    raise SystemExit(status)


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def standard_stream(fd, like, unbuffered):
    """A text stream on a standard descriptor, as the interpreter makes it (create_stdio)."""
    raw = buffer = open(fd, "wb" if fd else "rb", 0 if fd and unbuffered else -1, closefd=False)
    if not (fd and unbuffered):
        raw = buffer.raw
    raw.name = "<%s>" % STREAMS[fd]
    lines = not unbuffered and (raw.isatty() or fd == 2 and sys.version_info >= (3, 9))
    stream = TextIOWrapper(buffer, like.encoding, like.errors, "\n", lines, unbuffered)
    stream.mode = "w" if fd else "r"
    return stream


def high_socket(socket):
    """The socket, moved away from the descriptors that scripts use."""
    moved = fcntl(socket.fileno(), F_DUPFD_CLOEXEC, HIGH)
    socket.close()
    return _socket.socket(fileno=moved)


def take_channel():
    """Moves the socket away from the descriptors that scripts use. Returns its new one, and streams made on pipes."""
    channel = fcntl(0, F_DUPFD_CLOEXEC, HIGH)
    unbuffered = sys.stdout.write_through
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    null_stdin = standard_stream(0, sys.stdin, unbuffered)
    ours, theirs = os.pipe()
    os.dup2(ours, 0)
    os.close(ours)
    log = os.dup(2)
    streams = []
    for fd, old in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        if fd:
            os.dup2(theirs, fd)
        streams.append(standard_stream(fd, old, unbuffered))
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.close(theirs)
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = streams
    return channel, streams, null_stdin


def preload(required, found):
    """Imports the modules. Raises Fatal if one that must be there is not, or if they have started a thread."""
    # Deprecated modules complain to __main__, and then its source is looked for: where a script's output goes.
    load = eval("lambda name: __import__(name)", {"__name__": "cgi-fpm"})
    for name in required:
        try:
            load(name)
        except BaseException as failure:
            raise Fatal("cannot import %s: %s: %s" % (name, type(failure).__name__, failure)) from failure
    for name in found:
        try:
            load(name)
        except ImportError:
            pass
        except Exception as failure:
            print("keeper: %s is not imported: %s: %s" % (name, type(failure).__name__, failure), file=sys.stderr)
    if len(os.listdir("/proc/self/task")) > 1:
        raise Fatal("the modules have started a thread, and a fork has none but its own")
    sys.stdout.flush()


def options(arguments):
    """The modules to import, those to import if they are there, the limits of the scripts, the number of spares."""
    required, found, limits, spares = [], [], [], 0
    for argument in arguments:
        name, _, value = argument.partition("=")
        words = [word for word in value.split(",") if word]
        if name == "--preload":
            required += words
        elif name == "--preload-found":
            found += words
        elif name == "--limit":
            what, soft, hard = value.split(":")
            limits.append((LIMITS[what], int(soft), int(hard)))
        elif name == "--spare":
            spares = int(value)
        else:
            raise Fatal("no such option: " + argument)
    return required, found, limits, spares


def start(fd, streams, null_stdin, surroundings, limits, spares):
    """Makes the keeper of all that is imported by now."""
    channel = Channel(fd)
    modules = Modules()
    child = Child(surroundings, limits, streams, null_stdin)
    os.environ.clear()  # what children put there is all there is
    ours, theirs = os.pipe()
    wakeup = fcntl(ours, F_DUPFD_CLOEXEC, HIGH)
    write = fcntl(theirs, F_DUPFD_CLOEXEC, HIGH)
    os.close(ours)
    os.close(theirs)
    os.set_blocking(wakeup, False)
    os.set_blocking(write, False)
    child.pipe = write
    child.await_signals()
    child.keeper = Keeper(channel, wakeup, bool(limits), spares, Scripts(), modules, surroundings)
    sys.excepthook = child.live
    gc.disable()
    raise Prepared


def given_environment():
    """The entries that the process was started with: the interpreter may have set others since."""
    try:
        with open("/proc/self/environ", "rb") as file:
            return file.read().split(b"\0")[:-1]
    except OSError:
        return [b"%s=%s" % pair for pair in os.environb.items()]


def start_again():
    """
    Lets the interpreter start anew with this code compiled. To compile it takes megabytes that would stay in the heap,
    and each fork would copy their page tables. Returns the code if this cannot be done.
    """
    with open(__file__, "rb") as file:
        code = compile(file.read(), NAME, "exec", dont_inherit=True)
    try:
        with open("/proc/self/cmdline", "rb") as file:
            arguments = file.read().split(b"\0")[:-1]
        environ = dict(entry.partition(b"=")[::2] for entry in given_environment())
        environ[b"LD_BIND_NOW"] = b"1"  # or each child would look up the same functions; no script sees it
        fd = os.memfd_create("keeper")
        with open(fd, "wb", closefd=False) as file:
            file.write(MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
        os.dup2(fd, 1)
        os.execve(sys.executable, arguments, environ)
    except (AttributeError, OSError):
        return code


def main(code):
    if code.co_filename != NAME:
        code = start_again()
    taken = take_channel()
    try:
        required, found, limits, spares = options(sys.argv[1:])
        sys.argv = ["keeper"]
        surroundings = Surroundings()
        preload(required, found)
    except Fatal as failure:
        Channel(taken[0]).say(b"failed " + printable(str(failure)))
        print("keeper: %s" % failure, file=sys.stderr)
        sys.exit(1)
    # What is made anew behind all the modules lies together: requests copy fewer pages.
    names = {"__name__": "cgi-fpm", "MAIN": MAIN, "FRESH": FRESH, "PATH_0": PATH_0}
    exec(marshal.loads(marshal.dumps(code)), names)
    names["start"](*taken, surroundings, limits, spares)


if __name__ == "__main__":
    main(sys._getframe().f_code)
