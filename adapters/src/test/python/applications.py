"""The applications under test. A path names one; `application` is all of them behind wsgiref's validator."""

import hashlib
import io
import subprocess
import sys
import threading
from wsgiref.validate import validator

TEXT = ("Content-Type", "text/plain")
KEPT = {}


def hello(environ, start_response):
    start_response("200 OK", [TEXT])
    return [b"hello\n"]


def empty(environ, start_response):
    start_response("200 OK", [TEXT])
    return []


def nothing(environ, start_response):
    start_response("204 No Content", [])
    return [b""]


def show(environ, start_response):
    """The environment, a line a name, bytes as they came."""
    start_response("200 OK", [TEXT])
    lines = sorted("%s=%s\n" % (name, value) for name, value in environ.items())
    return ["".join(lines).encode("latin-1")]


def digest(environ, start_response):
    """How many bytes the body has and their hash, read in one of several ways."""
    source = environ["wsgi.input"]
    way = environ["QUERY_STRING"]
    if way == "lines":
        parts = list(source)
    elif way == "readline":
        parts = list(iter(source.readline, b""))
    elif way == "readlines":
        parts = source.readlines(1000)
        parts += source.readlines()
    elif way == "small":
        parts = list(iter(lambda: source.read(1000), b""))
    else:
        parts = [source.read(1 << 30)]
    past = source.read(10) + source.read(10) + source.readline()
    start_response("200 OK", [TEXT])
    body = b"".join(parts)
    return [("%d %s %r" % (len(body), hashlib.sha256(body).hexdigest(), past)).encode()]


def all_of_it(environ, start_response):
    """read() without a size, which the validator does not let through."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [TEXT])
    return [b"%d" % len(body)]


def cookies(environ, start_response):
    start_response("200 OK", [TEXT, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Latin", "\xe4")])
    return [b"x"]


def talk(environ, start_response):
    """Says a part, waits for a part of the request, says the next."""
    start_response("200 OK", [TEXT])
    for part in b"one", b"two", b"three":
        yield part
        environ["wsgi.input"].read(1)


def endless(environ, start_response):
    start_response("200 OK", [TEXT])
    while True:
        yield bytes(1000)


def big(environ, start_response):
    start_response("200 OK", [TEXT])
    return [bytes(range(256)) * 20_000]


def parts(environ, start_response):
    start_response("200 OK", [TEXT])
    return [b"a" * 70_000, b"", b"b", b"c" * 65_528]


def written(environ, start_response):
    write = start_response("200 OK", [TEXT])
    write(b"first ")
    write(b"second ")
    return [b"third"]


def fails(environ, start_response):
    raise LookupError("before the head")


def fails_late(environ, start_response):
    start_response("200 OK", [TEXT])
    raise LookupError("after start_response")


def fails_midway(environ, start_response):
    start_response("200 OK", [TEXT])
    yield b"some "
    raise LookupError("midway")


def leaves(environ, start_response):
    sys.exit("the application has left")


def recovers(environ, start_response):
    start_response("200 OK", [TEXT, ("X-First", "1")])
    try:
        raise LookupError("recovered from")
    except LookupError:
        start_response("500 Sorry", [TEXT], sys.exc_info())
    return [b"sorry"]


def recovers_too_late(environ, start_response):
    write = start_response("200 OK", [TEXT])
    write(b"x")
    try:
        raise LookupError("too late")
    except LookupError:
        start_response("500 Sorry", [TEXT], sys.exc_info())
    return [b"sorry"]


def twice(environ, start_response):
    start_response("200 OK", [TEXT])
    start_response("200 OK", [TEXT])
    return [b"x"]


def silent(environ, start_response):
    return [b"no start_response"]


def text(environ, start_response):
    start_response("200 OK", [TEXT])
    return ["not bytes"]


def splits(environ, start_response):
    start_response("200 OK", [TEXT, ("X-Evil", "a\r\nSet-Cookie: b=c")])
    return [b"x"]


def complains(environ, start_response):
    errors = environ["wsgi.errors"]
    print("a line with \u20ac and \udc80", file=errors)
    errors.write("without an end")
    errors.flush()
    errors.writelines([" and", " more"])
    print("printed")
    start_response("200 OK", [TEXT])
    return [b"x"]


def complains_elsewhere(environ, start_response):
    """Writes to wsgi.errors from a thread of its own, and keeps it for the next request."""
    errors = environ["wsgi.errors"]
    if "errors" in KEPT:
        KEPT["errors"].write("after its request\n")
    KEPT["errors"] = errors
    thread = threading.Thread(target=errors.write, args=("from another thread\n",))
    thread.start()
    thread.join()
    start_response("200 OK", [TEXT])
    return [b"x"]


class Closing:
    """Says in the log that it was closed."""

    def __init__(self, parts):
        self.parts = iter(parts)

    def __iter__(self):
        return self.parts

    def close(self):
        print("closed")


def closing(environ, start_response):
    start_response("200 OK", [TEXT])
    return Closing([b"x"])


def closing_midway(environ, start_response):
    return Closing(fails_midway(environ, start_response))


def closing_endless(environ, start_response):
    return Closing(endless(environ, start_response))


class ClosingBadly(Closing):
    def close(self):
        raise LookupError("in close")


def closing_badly(environ, start_response):
    start_response("200 OK", [TEXT])
    return ClosingBadly([b"all of it"])


def file(environ, start_response):
    start_response("200 OK", [TEXT])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"x" * 100_000), 4096)


def program(environ, start_response):
    """What a program that it starts finds on its standard input."""
    start_response("200 OK", [TEXT])
    code = "import sys; print(repr(sys.stdin.read()), flush=True)"
    return [subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE).stdout]


def surroundings(environ, start_response):
    start_response("200 OK", [TEXT])
    import __main__

    return [repr((sys.argv, sys.path[0], hasattr(__main__, "__file__"), __import__("os").getcwd())).encode()]


def stack(environ, start_response):
    import traceback

    start_response("200 OK", [TEXT])
    return ["".join(traceback.format_stack()).encode()]


MEETING = threading.Barrier(3)


def meets(environ, start_response):
    MEETING.wait(20)
    start_response("200 OK", [TEXT])
    return [b"met in %d" % environ["wsgi.multithread"]]


def bare(environ, start_response):
    """All of them, by path."""
    return globals()[environ["PATH_INFO"].strip("/")](environ, start_response)


application = validator(bare)


def make():
    return hello
