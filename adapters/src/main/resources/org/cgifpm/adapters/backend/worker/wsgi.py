"""Serves one WSGI application (PEP 3333) over FastCGI 1.0, with the standard library of Python 3.9 or later alone.

    python3 THIS --app package.module:application [--threads N]

Descriptor 0 is a listening stream socket, 1 is this source, 2 is the log, and the application's modules lie in the
working directory. ":application" may be left out and may have dots; with "()" behind it, it is called to make the
application.

Each of the N threads accepts connections and serves one at a time, and on it one request at a time. A front end that
sends the whole path as SCRIPT_NAME and no PATH_INFO, as nginx's stock fastcgi_params do, gets it moved to PATH_INFO.
An application that is mounted below a path finds this path in WSGI_SCRIPT_NAME: a parameter of the request, or a
variable of the environment for all requests.

SIGTERM ends the process when its running requests are done, a second one or SIGINT at once. The exit status is 0
after SIGTERM, 1 when the application cannot be loaded and 2 when the command line or descriptor 0 is wrong.
"""

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", sys.flags.isolated):
    # The folder that this source lies in, though without a name: /tmp, where everybody may put a struct.py.
    del sys.path[0]

# _signal and _socket: their wrappers import enum and selectors, which takes as long as the whole start without them.
import _signal
import _socket
import io
import os
import select
import time
from _thread import get_ident, start_new_thread
from struct import Struct, error as StructError

# FastCGI 1.0, 8: record types and protocol status.
BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR, DATA = range(1, 9)
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = 9, 10, 11
REQUEST_COMPLETE, CANT_MPX_CONN, _, UNKNOWN_ROLE = range(4)
RESPONDER = 1
KEEP_CONN = 1

HEADER = Struct(">BBHHBx")  # version, type, request id, content length, padding length (3.3)
END = Struct(">BBHHBxIB3x")  # END_REQUEST: a header, application status, protocol status (5.5)
LAST = Struct(">BBHHBxBBHHBxIB3x")  # the end of STDOUT, and END_REQUEST
LONG = Struct(">I")

READ = 65536  # bytes asked of the kernel at a time
RECORD = 65528  # content bytes of a full record: the most that fit and need no padding
PARAMS_MAX = 1 << 20  # bytes of a request's params
LINGER = 5  # seconds for the rest of a body that nobody read, before a connection is closed
QUIET = 0.05  # seconds without a new request after which a process that shall end is idle


class Gone(ConnectionError):
    """The connection is of no more use."""


class Broken(Gone):
    """What came is not FastCGI; the message says why."""


class Aborted(Gone):
    """The front end wants this request to end (5.4); the connection lives on."""


class Connection:
    """Records from and to a front end. Only one thread at a time may use it."""

    __slots__ = ("fd", "data", "at", "threads", "active", "keep")

    def __init__(self, fd, threads):
        self.fd = fd
        self.data = b""  # what was read; everything before `at` is used up
        self.at = 0
        self.threads = threads
        self.active = 0  # the id of the request being served, 0 without one
        self.keep = False  # whether the connection is used again after it

    def send(self, data):
        """Sends all of it."""
        try:
            sent = os.write(self.fd, data)
            while sent < len(data):
                data = memoryview(data)[sent:]
                sent = os.write(self.fd, data)
        except OSError as failure:
            self.keep = False
            raise Gone("the front end is gone") from failure

    def fill(self):
        """Reads what there is, waiting for at least a byte; false at the end."""
        try:
            more = os.read(self.fd, READ)
        except OSError:
            more = b""
        self.data = self.data[self.at :] + more
        self.at = 0
        return bool(more)

    def record(self):
        """The next record: its type, its request id, its content (3.3)."""
        while len(self.data) - self.at < 8:
            if not self.fill():
                self.keep = False
                raise Gone("the front end is gone")
        version, kind, request_id, length, padding = HEADER.unpack_from(self.data, self.at)
        if version != 1:
            self.broken("a record of version %d" % version)
        while len(self.data) - self.at < 8 + length + padding:
            if not self.fill():
                self.keep = False
                raise Gone("the front end is gone")
        start = self.at + 8
        self.at = start + length + padding
        return kind, request_id, self.data[start : start + length]

    def broken(self, why):
        """Gives the connection up. Closing it is the only answer to bytes that cannot be told apart any more."""
        self.keep = False
        raise Broken(why)

    def aside(self, kind, request_id, content):
        """Treats a record that has no part in the request being served."""
        if request_id == 0:
            if kind == GET_VALUES:
                self.send(values_result(content, self.threads))
            else:
                self.send(HEADER.pack(1, UNKNOWN_TYPE, 0, 8, 0) + bytes([kind]) + bytes(7))  # 4.2
        elif kind == BEGIN_REQUEST and request_id != self.active:
            self.send(END.pack(1, END_REQUEST, request_id, 8, 0, 0, CANT_MPX_CONN))
        elif request_id == self.active or kind not in (ABORT_REQUEST, PARAMS, STDIN, DATA):
            self.broken("a record of type %d that has no place there" % kind)
        # The rest belongs to requests that have ended or were refused; such ids are ignored (3.3).

    def begin(self):
        """Reads the next request up to the end of its params, and returns these."""
        while True:
            kind, request_id, content = self.record()
            if kind != BEGIN_REQUEST or request_id == 0:
                self.aside(kind, request_id, content)
                continue
            if len(content) != 8:
                self.broken("BEGIN_REQUEST of %d bytes" % len(content))
            self.keep = bool(content[2] & KEEP_CONN)
            if content[0] == 0 and content[1] == RESPONDER:
                self.active = request_id
                params = self.params()
                if params is not None:
                    return params
                self.active = 0
                self.send(END.pack(1, END_REQUEST, request_id, 8, 0, 0, REQUEST_COMPLETE))
            else:
                self.send(END.pack(1, END_REQUEST, request_id, 8, 0, 0, UNKNOWN_ROLE))
            if not self.keep:
                self.linger(request_id)
                raise Gone("the request has ended")

    def params(self):
        """The bytes of the PARAMS stream (5.2), or None if the request is aborted before its end."""
        params = b""
        while True:
            kind, request_id, content = self.record()
            if request_id == self.active and kind == PARAMS:
                if not content:
                    return params
                params = params + content if params else content
                if len(params) > PARAMS_MAX:
                    self.broken("params of more than %d bytes" % PARAMS_MAX)
            elif request_id == self.active and kind == ABORT_REQUEST:
                return None
            else:
                self.aside(kind, request_id, content)

    def no_body(self):
        """True, and the end of STDIN taken, if a body of no bytes is all that follows in what was read already."""
        if len(self.data) - self.at < 8:
            return False
        _, kind, request_id, length, padding = HEADER.unpack_from(self.data, self.at)
        if kind != STDIN or request_id != self.active or length or len(self.data) - self.at < 8 + padding:
            return False
        self.at += 8 + padding
        return True

    def pending(self):
        """Treats records that came while an answer is on its way: an abort among them ends the request."""
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        while len(self.data) - self.at >= 8 or poll.poll(0):
            if len(self.data) == self.at and not self.fill():
                return False  # half closed: nothing more can come, and the answer is still wanted
            kind, request_id, content = self.record()
            if kind == ABORT_REQUEST and request_id == self.active:
                raise Aborted("the front end aborted the request")
            self.aside(kind, request_id, content)
        return True

    def linger(self, request_id):
        """Reads off the rest of a body before a close, which would destroy the answer if there were unread input."""
        deadline = time.monotonic() + LINGER
        with Borrowed(self.fd) as connection:
            connection.shutdown(_socket.SHUT_WR)
            connection.setsockopt(_socket.SOL_SOCKET, _socket.SO_RCVTIMEO, Struct("ll").pack(LINGER, 0))
        while time.monotonic() < deadline:
            kind, of_request, content = self.record()
            if of_request == request_id and kind == STDIN and not content:
                return


class Borrowed:
    """A socket object for a descriptor that somebody else closes. What fails on it has failed with the peer."""

    def __init__(self, fd):
        self.socket = _socket.socket(fileno=fd)

    def __enter__(self):
        return self.socket

    def __exit__(self, kind, failure, trace):
        self.socket.detach()
        return isinstance(failure, OSError)


def values_result(content, threads):
    """GET_VALUES_RESULT (4.1) with those of the names asked for that are known."""
    known = {"FCGI_MAX_CONNS": str(threads), "FCGI_MAX_REQS": str(threads), "FCGI_MPXS_CONNS": "0"}
    pairs = b""
    for name in pairs_of(content):
        if name in known:
            pairs += bytes([len(name), len(known[name])]) + (name + known[name]).encode("latin-1")
    return HEADER.pack(1, GET_VALUES_RESULT, 0, len(pairs), 0) + pairs


def pairs_of(content):
    """Name-value pairs (3.4) as a dict of ISO-8859-1 strings. Of equal HTTP_ names all count, of others the last."""
    pairs = {}
    text = content.decode("latin-1")
    at = 0
    end = len(content)
    try:
        while at < end:
            length = content[at]
            at += 1
            if length > 127:
                length = LONG.unpack_from(content, at - 1)[0] & 0x7FFFFFFF
                at += 3
            last = content[at]
            at += 1
            if last > 127:
                last = LONG.unpack_from(content, at - 1)[0] & 0x7FFFFFFF
                at += 3
            split = at + length
            last += split
            name = text[at:split]
            if name in pairs and name.startswith("HTTP_"):
                pairs[name] += ("; " if name == "HTTP_COOKIE" else ", ") + text[split:last]
            else:
                pairs[name] = text[split:last]
            at = last
    except (IndexError, StructError):
        at = -1
    if at != end:
        raise Broken("a name-value pair that is cut off")
    return pairs


class Body(io.RawIOBase):
    """The request body, as it comes. It ends at CONTENT_LENGTH, or without one at the end of STDIN."""

    def __init__(self, connection, length):
        self.connection = connection
        self.request_id = connection.active
        self.left = length  # bytes until CONTENT_LENGTH, -1 without one
        self.ended = False  # whether the end of STDIN was read
        self.rest = b""  # of a piece, what no reader has taken

    def readable(self):
        return True

    def piece(self):
        """Some bytes more, or none at the end."""
        if self.ended or self.left == 0:
            return b""
        connection = self.connection
        if connection.active != self.request_id:
            raise ValueError("wsgi.input is read after its request has ended")
        while True:
            try:
                kind, request_id, content = connection.record()
            except Gone:
                self.ended = True  # said once; an application that goes on reading then meets the end
                raise
            if request_id != self.request_id or kind in (BEGIN_REQUEST, PARAMS):
                connection.aside(kind, request_id, content)
            elif kind == ABORT_REQUEST:
                self.ended = True
                raise Aborted("the front end aborted the request")
            elif kind == STDIN:
                if not content:
                    self.ended = True
                    if self.left > 0:  # 6.2: an application shall not take a part for the whole
                        raise OSError("the request body ends %d bytes before its CONTENT_LENGTH" % self.left)
                elif self.left >= 0:
                    content = content[: self.left]
                    self.left -= len(content)
                    if self.left == 0:
                        self.ended = connection.no_body()
                return content

    def readinto(self, target):
        rest = self.rest or self.piece()
        size = min(len(target), len(rest))
        target[:size] = rest[:size]
        self.rest = rest[size:]
        return size

    def readall(self):
        pieces = [self.rest]
        self.rest = b""
        while True:
            piece = self.piece()
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)


class Errors:
    """wsgi.errors: STDERR records while its request lasts and in its thread, otherwise the log."""

    __slots__ = ("connection", "request_id", "thread", "line", "used")

    def __init__(self, connection):
        self.connection = connection
        self.request_id = connection.active
        self.thread = get_ident()
        self.line = ""
        self.used = False

    def write(self, text):
        if self.connection.active != self.request_id or get_ident() != self.thread:
            return sys.stderr.write(text)
        self.line += text
        if text.endswith("\n"):
            self.flush()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self.line and get_ident() == self.thread:
            data = self.line.encode("utf-8", "backslashreplace")
            self.line = ""
            self.used = True
            try:
                self.connection.send(records(STDERR, self.request_id, data))
            except Gone:
                sys.stderr.write(data.decode())


def records(kind, request_id, data):
    """All of data in records of a kind."""
    pieces = []
    for at in range(0, len(data), RECORD):
        piece = data[at : at + RECORD]
        pieces += HEADER.pack(1, kind, request_id, len(piece), 0), piece
    return b"".join(pieces)


class FileWrapper:
    """wsgi.file_wrapper: a file as an iterable of blocks."""

    def __init__(self, file, block_size=RECORD):
        self.file = file
        self.block_size = block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self):
        return self

    def __next__(self):
        block = self.file.read(self.block_size)
        if not block:
            raise StopIteration
        return block


class Answer:
    """One call of the application and what comes of it."""

    __slots__ = ("connection", "request_id", "body", "errors", "head_only", "head", "sized", "started")

    def __init__(self, connection, body, head_only):
        self.connection = connection
        self.request_id = connection.active
        self.body = body  # a Body, or None if the request has none
        self.errors = Errors(connection)
        self.head_only = head_only
        self.head = None  # the response head, from start_response until it is sent
        self.sized = False  # whether there is a Content-Length, or must be none
        self.started = False  # whether the head was sent

    def start_response(self, status, headers, exc_info=None):
        """PEP 3333, "The start_response() Callable"."""
        if exc_info is not None:
            try:
                if self.started:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.head is not None or self.started:
            raise AssertionError("start_response was called a second time, without exc_info")
        code = status[:3]
        if not code.isdigit():
            raise ValueError("status %r does not begin with three digits" % (status,))
        self.sized = code == "204" or code == "304" or code[0] == "1"  # RFC 9110, 8.6
        head = "Status: " + status + "\r\n"
        for name, value in headers:
            head += name + ": " + value + "\r\n"
            if len(name) == 14 and name.lower() == "content-length":
                self.sized = True
        lines = len(headers) + 1
        if head.count("\n") != lines or head.count("\r") != lines or "\0" in head:
            raise ValueError("a line break or a NUL in the status or in a header: %r %r" % (status, headers))
        self.head = head.encode("latin-1")
        return self.write

    def write(self, data):
        """Sends data at once, if there is any, and the head before it."""
        if data:
            if not self.started:
                data = self.with_head(b"", data)
            elif self.head_only:
                return
            self.stdout(data, b"")

    def with_head(self, more, body):
        """The head, more of it, and the body where there shall be one. From now on the head counts as sent."""
        if self.head is None:
            raise AssertionError("start_response was not called before the first part of the body")
        data = b"%b%b\r\n%b" % (self.head, more, body)
        if self.head_only:
            data = data[: len(data) - len(body)]
        self.started = True
        self.head = None
        return data

    def stdout(self, data, last):
        """Sends data as STDOUT, and with its end, in the same write, what comes last."""
        size = len(data)
        if size <= RECORD:
            self.connection.send(b"%b%b%b" % (HEADER.pack(1, STDOUT, self.request_id, size, 0), data, last))
            return
        view = memoryview(data)
        for at in range(0, size, RECORD):
            piece = view[at : at + RECORD]
            header = HEADER.pack(1, STDOUT, self.request_id, len(piece), 0)
            self.connection.send(b"".join((header, piece, last if at + RECORD >= size else b"")))

    def last(self, app_status):
        """What ends the request: the end of STDERR if that was used, the end of STDOUT, END_REQUEST."""
        errors = self.errors
        if errors.line:
            errors.flush()
        number = self.request_id
        end = LAST.pack(1, STDOUT, number, 0, 0, 1, END_REQUEST, number, 8, 0, app_status, REQUEST_COMPLETE)
        return HEADER.pack(1, STDERR, number, 0, 0) + end if errors.used else end

    def run(self, application, environ):
        """Calls the application and sends its answer to the end, whatever it does. Raises nothing but Gone."""
        try:
            result = application(environ, self.start_response)
            if (type(result) is list or type(result) is tuple) and not self.started:
                self.whole(result)
            else:
                self.streamed(result)
        except Aborted:
            self.connection.send(self.last(1))
        except Gone:
            raise
        except BaseException as failure:
            self.failed(failure)

    def whole(self, parts):
        """Sends a response that is all there, in one write if it fits one record."""
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        length = b"" if self.sized or (self.head_only and not body) else b"Content-Length: %d\r\n" % len(body)
        data = self.with_head(length, body)
        self.stdout(data, self.last(0))

    def streamed(self, parts):
        """Sends each part when the application makes it."""
        half_closed = False
        try:
            for part in parts:
                if self.started and not half_closed and (self.body is None or self.body.ended):
                    half_closed = not self.connection.pending()
                self.write(part)
            if not self.started:
                self.stdout(self.with_head(b"", b""), b"")
        finally:
            if hasattr(parts, "close"):
                try:
                    parts.close()
                except BaseException as failure:
                    self.report(failure)
        self.connection.send(self.last(0))

    def failed(self, failure):
        """Ends a request whose application raised an exception."""
        cause = failure
        while cause is not None:
            if isinstance(cause, Gone):
                raise cause
            cause = cause.__context__
        self.report(failure)
        if self.started:
            # No END_REQUEST: nobody shall take what has gone out for all of it.
            if self.errors.line:
                self.errors.flush()
            raise Gone("the application failed in the middle of its answer")
        else:
            self.head = b"Status: 500 Internal Server Error\r\nContent-Type: text/plain\r\n"
            self.sized = False
            self.whole([b"The application failed. Its log says why.\n"])

    def report(self, failure):
        """Writes a traceback without this file's part in it."""
        from traceback import format_exception

        trace = failure.__traceback__
        self.errors.write("".join(format_exception(type(failure), failure, trace.tb_next or trace)))


class Mount:
    """Tells which part of a request's path is the application's place and which is left for it to read."""

    __slots__ = ("usual",)

    def __init__(self, usual):
        self.usual = usual

    def split(self, environ):
        name = environ.get("SCRIPT_NAME", "")
        info = environ.get("PATH_INFO", "")
        mount = environ.get("WSGI_SCRIPT_NAME", self.usual)
        if mount:
            mount = mount.rstrip("/")
            path = name + info
            if path == mount or path.startswith(mount + "/"):
                name, info = mount, path[len(mount) :]
        if not info and name != mount:
            name, info = "", name
        environ["SCRIPT_NAME"] = "" if name == "/" else name
        environ["PATH_INFO"] = info


class Worker:
    """The application and the threads that serve it."""

    def __init__(self, listener, application, threads):
        self.listener = listener
        self.application = application
        self.threads = threads
        self.mount = Mount(os.environ.get("WSGI_SCRIPT_NAME", ""))
        self.seats = [Seat() for _ in range(threads)]
        self.stopping = False  # SIGTERM came
        self.leaving = False  # watch() has found that nobody has a request
        self.left = False  # the main thread is on its way out
        # FastCGI 1.0, 3.2: whose connections are taken on TCP.
        self.addresses = set(filter(None, os.environ.get("FCGI_WEB_SERVER_ADDRS", "").replace(" ", "").split(",")))
        self.common = {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.0",
            "wsgi.version": (1, 0),
            "wsgi.multithread": threads > 1,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
            "wsgi.input_terminated": True,
        }

    def serve(self, seat):
        """Accepts and serves connections until the process shall end."""
        while not self.stopping:
            fd = self.accept()
            connection = Connection(fd, self.threads)
            try:
                while connection.at < len(connection.data) or connection.fill():
                    seat.busy = True
                    seat.begun += 1
                    self.request(connection)
                    if not connection.keep or self.stopping:
                        break
                    seat.busy = False
            except Broken as failure:
                print("wsgi: a connection is closed: %s" % failure, file=sys.stderr)
            except Gone:
                pass
            except Exception:  # a mistake in this file; the next request has not made it
                from traceback import print_exc

                print_exc()
            finally:
                os.close(fd)
                seat.busy = False

    def accept(self):
        """The descriptor of a new connection."""
        while True:
            try:
                fd, address = self.listener._accept()
                if not self.addresses or not isinstance(address, tuple):
                    return fd
                if address[0].replace("::ffff:", "", 1) in self.addresses:
                    return fd
                os.close(fd)
            except ConnectionAbortedError:
                pass
            except BlockingIOError:
                poll = select.poll()
                poll.register(self.listener.fileno(), select.POLLIN)
                poll.poll()
            except OSError as failure:
                import errno

                if failure.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    raise
                print("wsgi: no connection can be accepted: %s" % failure, file=sys.stderr)
                time.sleep(1)

    def request(self, connection):
        """Serves the next request of a connection."""
        environ = {**self.common, **pairs_of(connection.begin())}
        environ.pop("HTTP_PROXY", None)  # a header, but the variable of many an HTTP client ("httpoxy")
        environ.pop("HTTP_CONTENT_TYPE", None)  # PEP 3333: without HTTP_
        environ.pop("HTTP_CONTENT_LENGTH", None)
        self.mount.split(environ)
        secure = environ.get("REQUEST_SCHEME") == "https" or environ.get("HTTPS", "").lower() in ("on", "1")
        environ["wsgi.url_scheme"] = "https" if secure else "http"
        length = environ.get("CONTENT_LENGTH")
        if length and not length.isdecimal():
            connection.broken("CONTENT_LENGTH %r" % length)
        if (not length or length == "0") and connection.no_body():
            body = None
            environ["wsgi.input"] = io.BytesIO()
        else:
            body = Body(connection, int(length) if length else -1)
            environ["wsgi.input"] = io.BufferedReader(body, READ)
        answer = Answer(connection, body, environ["REQUEST_METHOD"] == "HEAD")
        environ["wsgi.errors"] = answer.errors
        try:
            answer.run(self.application, environ)
        finally:
            number = connection.active
            connection.active = 0
        if not connection.keep and body is not None and not body.ended:
            connection.linger(number)

    def run(self):
        """Serves in as many threads as there shall be, of which this one is the first, until SIGTERM."""
        ours, theirs = os.pipe()
        os.set_blocking(theirs, False)
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        _signal.signal(_signal.SIGTERM, self.stop)
        _signal.signal(_signal.SIGURG, self.go)
        _signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
        os.register_at_fork(before=hold_signals, after_in_parent=release_signals, after_in_child=forget_signals)
        start_new_thread(self.watch, (ours, get_ident()))
        if self.threads > 1:
            from threading import Thread

            for seat in self.seats[1:]:
                Thread(target=self.serve, args=(seat,), daemon=True).start()
        self.serve(self.seats[0])
        os.write(theirs, b"\0")  # in case that the application has taken set_wakeup_fd() for itself
        while True:
            time.sleep(3600)  # until no other thread has a request: go() ends the wait

    def stop(self, number, frame):
        """The handler of SIGTERM, for the requests under way. What wakes those who wait is watch()."""
        self.stopping = True

    def go(self, number, frame):
        """The handler of SIGURG, with which watch() calls the main thread out of whatever it waits in."""
        if self.leaving and not self.left and not self.seats[0].busy:
            self.left = True
            raise SystemExit(0)

    def watch(self, signals, main):
        """
        Waits in a thread of its own for SIGTERM, because a handler alone is not enough: a signal that comes just
        before the main thread begins to wait for a connection is not handled until one comes. Then sends the main
        thread home when nobody has a request and nobody got one for a moment. The moment is for a thread that has
        just accepted a connection and could not say so yet.
        """
        poll = select.poll()
        poll.register(signals, select.POLLIN)
        terms = 0
        while True:
            before = [seat.begun for seat in self.seats]
            if poll.poll(QUIET * 1000 if self.stopping else None):
                numbers = os.read(signals, 512)
                terms += numbers.count(_signal.SIGTERM)
                if terms > 1:
                    os._exit(128 + _signal.SIGTERM)
                self.stopping = self.stopping or terms == 1 or 0 in numbers
            elif before == [seat.begun for seat in self.seats] and not any(seat.busy for seat in self.seats):
                self.leaving = True
                _signal.pthread_kill(main, _signal.SIGURG)


def hold_signals():
    """Before a fork by the application: until the child has forgotten them, no signal shall reach its handlers."""
    _signal.pthread_sigmask(_signal.SIG_BLOCK, [_signal.SIGTERM, _signal.SIGURG])


def release_signals():
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, [_signal.SIGTERM, _signal.SIGURG])


def forget_signals():
    """In the child, a signal means what it means without this file; its handlers would speak to its parent."""
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGTERM, _signal.SIG_DFL)
    _signal.signal(_signal.SIGURG, _signal.SIG_DFL)
    release_signals()


class Seat:
    """What one thread does, for the others to see."""

    __slots__ = ("busy", "begun")

    def __init__(self):
        self.busy = False
        self.begun = 0


def listening_socket():
    """The socket on descriptor 0, moved so that programs the application starts do not have it as their stdin."""
    try:
        fd = os.dup(0)
        listener = _socket.socket(fileno=fd)
        if not listener.getsockopt(_socket.SOL_SOCKET, _socket.SO_ACCEPTCONN):
            raise OSError("it does not listen")
    except OSError as failure:
        print("wsgi: descriptor 0 must be a listening socket: %s" % failure, file=sys.stderr)
        sys.exit(2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    if listener.family != _socket.AF_UNIX:  # inherited by what is accepted; each part of an answer goes out at once
        listener.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
    return listener


def load(name):
    """The application of a "package.module:application"."""
    module_name, _, path = name.partition(":")
    called = path.endswith("()")
    __import__(module_name)
    found = sys.modules[module_name]
    for attribute in (path[:-2] if called else path or "application").split("."):
        found = getattr(found, attribute)
    if called:
        found = found()
    if not callable(found):
        raise TypeError("%s cannot be called, so it is no WSGI application" % name)
    return found


def options(arguments):
    """The application's name and the number of threads."""
    given = {"--threads": "1"}
    for name, value in zip(arguments[::2], arguments[1::2]):
        given[name] = value
    threads = given["--threads"]
    if len(arguments) % 2 or "--app" not in given or len(given) != 2 or not threads.isdecimal() or int(threads) < 1:
        print("usage: --app package.module:application [--threads N]", file=sys.stderr)
        sys.exit(2)
    return given["--app"], int(threads)


def main():
    os.dup2(2, 1)
    sys.stdout = sys.__stdout__ = open(1, "w", 1, sys.stderr.encoding, "backslashreplace", closefd=False)
    name, threads = options(sys.argv[1:])
    listener = listening_socket()
    # The application shall find neither this source, whose descriptor is gone, nor this command line.
    own = globals().pop("__file__", None)
    if own is not None:
        import linecache

        linecache.cache[own] = (0, None, [], own)  # or a traceback would read /proc/self/fd/1, which is the log now
    sys.argv = ["wsgi"]
    root = os.getcwd()
    sys.path.insert(0, root)
    try:
        application = load(name)
    except BaseException as failure:
        from traceback import print_exception

        trace = failure.__traceback__
        print_exception(type(failure), failure, trace.tb_next or trace)
        print("wsgi: %s cannot be loaded" % name, file=sys.stderr)
        sys.exit(1)
    Worker(listener, application, threads).run()


if __name__ == "__main__":
    main()
