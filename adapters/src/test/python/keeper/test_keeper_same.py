"""What a script does in a fork of the keeper is what it does in a process of its own: output, errors and status."""

import os
import re
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

from keeping import ENVIRONMENT, PYTHON, Keeper, Pipes

PRELOAD = "--preload-found=html,json,logging,sqlite3,threading,random,uuid,tempfile,traceback,urllib.parse,datetime"

SAME = {
    "prints": 'print("Content-Type: text/plain\\n\\nhello")',
    "writes_bytes": 'import sys\nsys.stdout.buffer.write(b"a\\xff\\0")\nsys.stdout.write("after")',
    "writes_to_the_descriptor": 'import os\nprint("first", flush=True)\nos.write(1, b"second")\nprint("third")',
    "has_the_usual_main": """
        import sys
        main = sys.modules["__main__"]
        print([(name, type(value).__name__) for name, value in vars(main).items()])
        print(__name__, __file__, __doc__, __package__, __spec__, __loader__.name, __loader__.path, __builtins__)
        print(__loader__.get_source("__main__")[:20], __loader__.is_package("__main__"))
        """,
    "has_a_docstring_and_annotations": '''
        """What it is for."""
        number: int = 3
        print(__doc__, __annotations__)
        ''',
    "has_the_usual_sys": """
        import sys
        print(sys.argv, sys.path, sys.flags, sys.executable, sys._base_executable, sys.warnoptions, sys.prefix)
        print(getattr(sys, "orig_argv", None), sys.getrecursionlimit(), sys.exc_info(), hasattr(sys, "last_type"))
        print(sys.excepthook, sys.displayhook is sys.__displayhook__, sys.gettrace(), sys.getswitchinterval())
        print(sys.getfilesystemencoding(), sys.getdefaultencoding(), sys.dont_write_bytecode)
        """,
    "has_the_usual_streams": """
        import sys
        for name in "stdin", "stdout", "stderr":
            stream = getattr(sys, name)
            assert stream is getattr(sys, "__%s__" % name)
            print(stream, stream.mode, stream.encoding, stream.errors, stream.line_buffering, stream.write_through)
            print(stream.newlines, stream.seekable(), stream.isatty(), stream.fileno(), stream.closed, type(stream.buffer))
            raw = getattr(stream.buffer, "raw", stream.buffer)
            print(raw, raw.mode, raw.closefd, raw.seekable(), stream.readable(), stream.writable(), vars(stream))
            print(stream.buffer.name, raw.name)
        """,
    "has_the_usual_environment": """
        import os, time
        print(dict(os.environ), os.environb, os.getenv("SERVER_NAME"), list(os.environ))
        print(os.popen("env").read() == "".join("%s=%s\\n" % pair for pair in os.environ.items()))
        os.environ["NEW"] = "1"
        del os.environ["PATH_INFO"]
        print(os.popen("/bin/echo $NEW $PATH_INFO .").read(), time.tzname)
        """,
    "has_the_usual_signals": """
        import signal
        for number in sorted(signal.valid_signals()) if hasattr(signal, "valid_signals") else range(1, 65):
            print(number, signal.getsignal(number))
        print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.set_wakeup_fd(-1), signal.getitimer(signal.ITIMER_REAL))
        # But for SigQ, which counts what all processes of the user have waiting.
        print([line for line in open("/proc/self/status") if line[:5] in ("SigPn", "SigBl", "SigIg", "SigCg", "ShdPn")])
        """,
    "has_no_descriptors_but_the_usual": """
        import os
        print(sorted(os.listdir("/proc/self/fd")), os.open("/dev/null", os.O_RDONLY), os.pipe())
        """,
    "is_in_its_folder_and_session": """
        import os
        print(os.getcwd(), os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid(), oct(os.umask(0)), os.getpriority(0, 0))
        print(open("/proc/self/comm").read())
        """,
    "exits_with_a_number": "import sys\nprint(1)\nsys.exit(3)",
    "exits_with_a_large_number": "import sys\nsys.exit(2 ** 40 + 5)",
    "exits_with_a_negative_number": "raise SystemExit(-7)",
    "exits_with_true": "raise SystemExit(True)",
    "exits_with_text": 'import sys\nsys.exit("what is \\u20ac wrong")',
    "exits_with_none": "import sys\nsys.exit()",
    "exits_with_a_tuple": "raise SystemExit(1, 2)",
    "exits_without_stderr": 'import sys\nsys.stderr = None\nprint("x")\nsys.exit(4)',
    "exits_from_a_function": "import sys\ndef leave():\n    try:\n        sys.exit(6)\n    finally:\n        print('left')\nleave()",
    "exits_at_once": 'import os, sys\nprint("lost")\nos._exit(9)',
    "fails": 'print("so far")\n1 / 0',
    "fails_in_a_function": """
        def inner(what):
            raise ValueError(what)
        def outer():
            try:
                inner("a")
            except ValueError as failure:
                raise KeyError("b") from failure
        try:
            outer()
        except KeyError:
            inner("c\\u20ac")
        """,
    "fails_in_a_module_beside_it": "import beside\nbeside.fail()",
    "fails_to_import": "import no_such_module",
    "fails_deeply": "def f(n):\n    return f(n + 1)\nf(0)",
    "fails_with_a_class_of_its_own": "class Own(Exception):\n    def __str__(self):\n        return 'own'\nraise Own",
    "fails_with_a_class_that_fails": "class Own(Exception):\n    def __str__(self):\n        1 / 0\nraise Own",
    "fails_in_an_exception_hook": """
        import sys
        def hook(kind, failure, trace):
            print("hooked", kind, failure, trace.tb_frame.f_code.co_name, trace.tb_next, sys.last_value is failure)
            [][1]
        sys.excepthook = hook
        1 / 0
        """,
    "exits_in_an_exception_hook": "import sys\nsys.excepthook = lambda *_: sys.exit(8)\n1 / 0",
    "deletes_the_exception_hook": "import sys\ndel sys.excepthook\n1 / 0",
    "is_interrupted": 'print("before")\nraise KeyboardInterrupt',
    "interrupts_itself": "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)",
    "terminates_itself": "import os, signal, time\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(5)",
    "handles_a_signal": """
        import os, signal
        signal.signal(signal.SIGTERM, lambda number, frame: print("got", number, frame.f_code.co_name))
        os.kill(os.getpid(), signal.SIGTERM)
        """,
    "has_a_fault": "import os, signal\nprint(1, flush=True)\nos.kill(os.getpid(), signal.SIGSEGV)",
    "has_a_syntax_error": 'print("never")\nif True\n    pass',
    "has_an_indentation_error": "if True:\n\tpass\n        pass",
    "has_a_null": "print(1)\n\0",
    "has_bytes_that_are_no_utf_8": b'print("\xe9")',
    "has_an_encoding_cookie": b'# -*- coding: latin-1 -*-\nprint(ascii("\xe9"))\n1 / 0 # \xe9',
    "has_an_unknown_encoding": b"# coding: klingon\nprint(1)",
    "has_a_byte_order_mark": b'\xef\xbb\xbfprint("\xc3\xa9", __doc__)',
    "has_windows_line_ends": b'print("""a\r\nb""")\r\n1 / 0\r\n',
    "has_a_form_feed_and_no_end": b"\x0cprint(1)",
    "is_empty": b"",
    "warns_when_compiled": 'print("a" is "b")\nassert (1, "x")\nprint("\\d")',
    "warns": """
        import warnings
        warnings.warn("first")
        for _ in range(3):
            warnings.warn("second", DeprecationWarning)
        def old():
            warnings.warn("third", stacklevel=2)
        old()
        print(warnings.filters)
        """,
    "runs_what_was_left_for_the_end": """
        import atexit
        atexit.register(print, "last")
        atexit.register(print, "last but one")
        print("first")
        """,
    "fails_at_the_end": """
        import atexit
        def fail():
            1 / 0
        atexit.register(print, "after")
        atexit.register(fail)
        """,
    "exits_at_the_end": "import atexit, sys\natexit.register(lambda: sys.exit(5))\nprint(1)",
    "leaves_a_thread_running": """
        import threading, time
        def work():
            time.sleep(0.1)
            print("done", threading.main_thread().is_alive())
        threading.Thread(target=work).start()
        print("main ends", threading.enumerate()[0], threading.active_count())
        """,
    "leaves_a_daemon_thread_running": """
        import threading, time
        threading.Thread(target=lambda: (time.sleep(20), print("never")), daemon=True).start()
        print("main ends")
        """,
    "fails_in_a_thread": "import threading\nt = threading.Thread(target=lambda: 1 / 0, name='t')\nt.start()\nt.join()",
    "forks": """
        import os, sys
        print("before", flush=True)
        if os.fork() == 0:
            print("child")
            sys.exit(3)
        print("parent", os.WEXITSTATUS(os.wait()[1]))
        """,
    "executes": 'import os\nos.execv("/bin/echo", ["echo", "replaced"])',
    "runs_programs": """
        import subprocess, sys
        print(subprocess.run(["cat"], input=b"x", stdout=subprocess.PIPE))
        print(subprocess.check_output([sys.executable, "-c", "import sys; print(sys.path[0], sys.argv)"]))
        subprocess.run("echo to the same stdout; echo to stderr >&2; exit 3", shell=True)
        """,
    "uses_processes": """
        import multiprocessing
        def square(n):
            return n * n
        if __name__ == "__main__":
            context = multiprocessing.get_context("fork")
            with context.Pool(2) as pool:
                print(pool.map(square, range(5)), context.current_process().name)
        """,
    "reads_all": "import sys\nprint(sys.stdin.read())",
    "reads_lines": "import sys\nfor line in sys.stdin:\n    print(repr(line))\nprint(input.__name__)",
    "asks": "print(input('? '), input())",
    "reads_the_descriptor": "import os, sys\nprint(os.read(0, 3), sys.stdin.buffer.read(2), sys.stdin.buffer.raw.read(100))",
    "imports_what_lies_beside_it": "import beside, package.part\nprint(beside.__file__, beside.__name__, package.part.VALUE)",
    "imports_relatively": "from . import beside",
    "imports_itself": "import sys\nsys.path\nif __name__ == '__main__':\n    import imports_itself\nprint(__name__)",
    "pickles_its_classes": """
        import pickle
        class Point:
            def __init__(self, x):
                self.x = x
        print(pickle.loads(pickle.dumps(Point(3))).x, Point.__module__, Point)
        """,
    "defines_dataclasses": "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 3\nprint(A(), A(4) == A(4))",
    "deletes_its_objects": """
        class Noisy:
            def __init__(self, name):
                self.name = name
            def __del__(self):
                print("deleted", self.name)
        a = Noisy("a")
        b = Noisy("b")
        del a
        c = [Noisy("c")]
        c.append(c)
        print("end")
        """,
    "wraps_stdout": """
        import io, sys
        print("before")
        sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="latin-1", newline="\\r\\n")
        print("caf\\xe9")
        """,
    "detaches_stdout": """
        import io, sys
        sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-16")
        print("wide")
        """,
    "detaches_stdout_only": "import sys\nprint('x')\nb = sys.stdout.detach()\nb.write(b'y')",
    "replaces_stdout": "import io, sys\nprint('kept')\nsys.stdout = io.StringIO()\nprint('lost')",
    "closes_stdout": "import sys\nprint('x')\nsys.stdout.close()",
    "closes_the_descriptor": "import os\nprint('lost')\nos.close(1)",
    "closes_stderr": "import sys\nsys.stderr.close()\n1 / 0",
    "has_no_stdout": "import sys\nsys.stdout = None\nprint('nothing')",
    "reconfigures_stdout": "import sys\nsys.stdout.reconfigure(encoding='ascii', errors='backslashreplace')\nprint('\\u20ac')",
    "prints_what_cannot_be_encoded": "print('\\udc80')\nprint(ascii('\\udc80'))\nprint('\\ud800')",
    "prints_much": "for n in range(20000):\n    print('line', n)",
    "calls_c": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.printf(b'from C %d\\n', 3)\nprint('from Python')",
    "uses_a_database": """
        import sqlite3
        with sqlite3.connect(":memory:") as connection:
            connection.execute("create table t (a)")
            connection.execute("insert into t values (1)")
            print(connection.execute("select * from t").fetchall())
        """,
    "logs": """
        import logging
        logging.warning("by default")
        logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(module)s %(lineno)d %(funcName)s %(message)s", force=True)
        logging.info("%s", logging.root.handlers)
        def f():
            logging.debug("in f")
        f()
        record = logging.makeLogRecord({})
        print(record.relativeCreated < 5000, record.processName, record.threadName)
        """,
    "uses_locales": """
        import locale
        print(locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(), locale.setlocale(locale.LC_ALL, "C"))
        """,
    "sees_the_garbage_collector": "import gc\nprint(gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.callbacks, gc.garbage)",
    "collects_garbage": """
        import gc, weakref
        class A:
            pass
        a = A()
        a.a = a
        r = weakref.ref(a)
        del a
        gc.collect()
        print(r())
        """,
    "uses_asyncio": "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    print('in a loop')\nasyncio.run(main())",
    "has_thread_locals_and_contexts": """
        import contextvars, decimal, threading
        print(vars(threading.local()), list(contextvars.copy_context()), decimal.getcontext())
        print(threading.current_thread(), threading.main_thread() is threading.current_thread())
        """,
    "forks_beside_threads": """
        import os, threading, warnings
        warnings.simplefilter("ignore")
        hold = threading.Event()
        thread = threading.Thread(target=hold.wait)
        thread.start()
        print(threading.main_thread().native_id == os.getpid(), threading.active_count(), flush=True)
        pid = os.fork()
        if pid == 0:
            print(threading.main_thread().native_id == os.getpid(), threading.active_count(), thread.is_alive(), flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
        hold.set()
        """,
    "starts_a_fresh_process": """
        import multiprocessing
        def work(queue):
            queue.put(__name__)
        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            queue = context.SimpleQueue()
            process = context.Process(target=work, args=(queue,))
            process.start()
            print(queue.get(), process.name)
            process.join()
        """,
    "sets_limits": "import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_STACK))",
    "executes_text": "exec('def f():\\n    1 / 0')\nf()",
    "traces_itself": """
        import sys
        def trace(frame, event, argument):
            print(event, frame.f_code.co_name, frame.f_lineno)
        sys.settrace(trace)
        def f():
            pass
        f()
        sys.settrace(None)
        """,
    "removes_itself_from_modules": "import sys\ndel sys.modules['__main__']\nprint('still here')",
    "clears_modules": "import sys\nprint('x')\nsys.modules.clear()",
    "deletes_what_it_must_not": "import sys\ndel sys.stdout, sys.argv, sys.path\nx = 1",
    "says_what_python_it_is": "import sys\nprint(sys.version, sys.implementation.name, sys.hexversion)",
    "overflows_the_stack": "import sys\nsys.setrecursionlimit(50)\ndef f(n):\n    f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    print(e)",
}

BODIES = {
    "reads_all": b"caf\xc3\xa9 \xff",
    "reads_lines": b"one\r\ntwo\nthree",
    "reads_the_descriptor": b"abcdefgh",
    "asks": b"first\nsecond\n",
}

# In these cases the interpreters differ by a frame, a time or a number, which the pattern names.
BESIDE = {
    "beside.py": "def fail():\n    raise RuntimeError('beside')\n",
    "package/__init__.py": "",
    "package/part.py": "VALUE = 3\n",
}


def fresh(script, body, arguments, env):
    """Runs a script as the daemon runs it without a keeper."""
    with Pipes(body) as pipes:
        stdin, stdout, stderr = pipes.theirs
        process = subprocess.Popen(
            ["./" + script.name, *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=script.parent,
            env=env,
            start_new_session=True,
        )
        output, errors = pipes.exchange()
        status = process.wait()
    return output, errors, status


def readable(output, errors, status):
    """All three, without the numbers that differ between any two processes."""
    text = "%s\n---\n%s\n---\n%d" % (output.decode("latin-1"), errors.decode("latin-1"), status)
    text = re.sub("repeated 9[0-9]{2} more times", "repeated some 990 times", text)  # see "recursion" in the warm page
    return re.sub("(started|refcount :) [0-9]+", r"\1", re.sub("0x[0-9a-f]{6,}", "0x", text))


class Same(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls.folder.name)
        for name, text in BESIDE.items():
            path = cls.root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        cls.keepers = {}

    @classmethod
    def tearDownClass(cls):
        for keeper in cls.keepers.values():
            keeper.__exit__()
        cls.folder.cleanup()

    def keeper(self, *flags):
        if flags not in self.keepers:
            self.keepers[flags] = Keeper(PRELOAD, flags=flags).ready()
        return self.keepers[flags]

    def write(self, name, source, flags=""):
        """A script with the tested interpreter in its first line."""
        if isinstance(source, str):
            source = textwrap.dedent(source).encode()
        mark = b"\xef\xbb\xbf" if source.startswith(b"\xef\xbb\xbf") else b""
        path = self.root / (name + ".py")
        path.write_bytes(mark * 0 + ("#!%s%s\n" % (PYTHON, " " + flags if flags else "")).encode() + source[len(mark) :])
        path.chmod(0o755)
        return path

    def check(self, name, source, body=None, arguments=(), flags=(), env=None):
        return self.compare(self.write(name, source, " ".join(flags)), body, arguments, flags, env)

    def compare(self, script, body=None, arguments=(), flags=(), env=None):
        env = dict(ENVIRONMENT, PATH_INFO="/x", **(env or {}))
        expected = fresh(script, body, arguments, env)
        answer = self.keeper(*flags).run(script, body, arguments, env)
        status = os.WEXITSTATUS(answer.status) if os.WIFEXITED(answer.status) else -os.WTERMSIG(answer.status)
        self.assertEqual(readable(*expected), readable(answer.output, answer.errors, status))
        return answer


    def test_leaves_files_open(self):
        source = """
            import json, beside
            mine = open("mine", "w")
            mine.write("of the script")
            def keeps():
                return mine
            json.left = open("left", "w")
            json.left.write("in a module of the keeper")
            beside.left = open("beside", "wb")
            beside.left.write(b"in a module beside the script")
            """
        script = self.write("leaves", source)
        for run in lambda: fresh(script, None, (), ENVIRONMENT), lambda: self.keeper().run(script):
            run()
            contents = []
            for name in "mine", "left", "beside":
                contents.append((self.root / name).read_text())
                (self.root / name).unlink()
            self.assertEqual(["of the script", "in a module of the keeper", "in a module beside the script"], contents)

    def test_under_each_flag(self):
        source = """
            import sys, os
            print(sys.flags, sys.path, sys.argv, sys.stdout.write_through, sys.stderr.line_buffering, os.environ)
            print(sys.stdin, type(sys.stdout.buffer), sys.stdin.write_through, getattr(sys, "orig_argv", None))
            assert False, "asserts are on"
            """
        for flag in "-u", "-s", "-E", "-I", "-B", "-O", "-OO", "-b", "-q", "-sE", "-uB":
            with self.subTest(flag):
                self.assertIsNone(self.check("flag" + flag, source, flags=(flag,)).cold)
        self.assertIsNone(self.check("unbuffered", "import sys, os\nprint('a')\nos._exit(0)", flags=("-u",)).cold)

    def test_with_arguments(self):
        arguments = ["one two", "", "caf\u00e9", os.fsdecode(b"\xff"), "-c"]
        self.check("arguments", "import sys\nprint(ascii(sys.argv), ascii(sys.orig_argv[1:] if hasattr(sys, 'orig_argv') else 0))", None, arguments)

    def test_with_a_name_that_must_be_quoted(self):
        self.check("a b\u00e9'\"", "import sys\nprint(ascii(sys.argv), ascii(__file__))\n1 / 0")

    def test_by_a_symbolic_link(self):
        (self.root / "elsewhere").mkdir(exist_ok=True)
        (self.root / "elsewhere" / "near.py").write_text("VALUE = 7\n")
        script = self.write("target", "import sys, near\nprint(sys.path[0], sys.argv, __file__, near.VALUE)")
        script.rename(self.root / "elsewhere" / "target.py")
        (self.root / "linked.py").symlink_to("elsewhere/target.py")
        self.compare(self.root / "linked.py")

    def test_by_env(self):
        if "/" not in PYTHON:
            self.fail("the tested interpreter needs a path")
        script = self.root / "env.py"
        script.write_text("#!/usr/bin/env %s\nimport sys\nprint(sys.executable, getattr(sys, 'orig_argv', 0))\n" % os.path.basename(PYTHON))
        script.chmod(0o755)
        self.compare(script, env={"PATH": os.path.dirname(PYTHON) + ":/usr/bin:/bin"})

    def test_with_a_file_for_a_body(self):
        source = "import sys\nprint(sys.stdin.seekable(), sys.stdin.readline(), sys.stdin.buffer, sys.stdin.tell())"
        script = self.write("file_body", source)
        outputs = []
        for _ in range(2):
            with tempfile.TemporaryFile() as body, Pipes() as pipes:
                body.write(b"one\ntwo\n")
                body.seek(0)
                os.dup2(body.fileno(), pipes.theirs[0])
                if not outputs:
                    process = subprocess.Popen(["./" + script.name], stdin=body, stdout=pipes.theirs[1], cwd=self.root, env=ENVIRONMENT)
                else:
                    self.keeper().start(script, *pipes.theirs)
                outputs.append(pipes.exchange()[0])
        process.wait()
        self.assertEqual(*outputs)

    def test_in_other_surroundings(self):
        source = "import sys, os, time\nprint(time.tzname, time.localtime(0).tm_hour, sys.stdout.encoding, dict(os.environ), '\u20ac')"
        for change in {"TZ": "Asia/Tokyo"}, {"TZ": ""}, {"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "nonsense"}, {"LC_CTYPE": "C.UTF-8"}:
            with self.subTest(change):
                self.check("surroundings", source, env=change)

    def test_with_odd_entries_in_the_environment(self):
        self.check("odd", "import os\nprint(ascii(dict(os.environ)))", env={"EMPTY": "", "EQUALS": "a=b=c", "BYTES": os.fsdecode(b"\xff\n")})


class InSpares(Same):
    """The same in children that were forked before their request came."""

    def keeper(self, *flags):
        if flags not in self.keepers:
            self.keepers[flags] = Keeper(PRELOAD, "--spare=1", flags=flags).ready()
        return self.keepers[flags]


def add(name, source):
    def test(self):
        self.check(name, source, BODIES.get(name))

    setattr(Same, "test_" + name, test)


for each in SAME.items():
    add(*each)

if __name__ == "__main__":
    unittest.main()
