"""The keeper itself: from its start to its end, and what it says on the way."""

import os
import resource
import shutil
import signal
import struct
import tempfile
import time
import unittest
from pathlib import Path

from keeping import ENVIRONMENT, PATIENCE, PYTHON, SOURCE, Keeper, Pipes

NOBODY = 54321  # a user id without a name
COMMON = "/usr/bin/python3" if os.path.realpath(PYTHON).startswith("/root/") else PYTHON  # one that others may run


def eventually(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("not within %s seconds" % PATIENCE)
        time.sleep(0.005)


def settle(path):
    """Waits until the file's times will tell its next change."""
    eventually(lambda: time.time_ns() - max(os.stat(path).st_ctime_ns, os.stat(path).st_mtime_ns) > 120_000_000)


class Life(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        os.chmod(self.root, 0o755)

    def script(self, name, text, mode=0o755):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!%s\n%s" % (PYTHON, text))
        path.chmod(mode)
        return path

    def keeper(self, *options, **more):
        keeper = Keeper(*options, **more)
        self.addCleanup(keeper.__exit__)
        return keeper

    def failed(self, *options, **more):
        keeper = self.keeper(*options, **more)
        line = keeper.line()
        self.assertIsNone(keeper.line())
        self.assertEqual(1, keeper.process.wait(PATIENCE))
        return line


class Start(Life):
    def test_says_its_version_and_what_it_has_imported(self):
        keeper = self.keeper("--preload=html.parser,json").ready()
        self.assertRegex(keeper.lines[0], r"^ready 3\.[0-9]+\.[0-9]+$")
        names = keeper.lines[1].split(" ")[1].split(",")
        self.assertLessEqual({"html", "json", "select"}, set(names))
        self.assertFalse({"sys", "encodings", "opcode", "__main__"} & set(names))

    def test_fails_without_a_module_that_it_shall_have(self):
        line = self.failed("--preload=json,no_such_module")
        expected = "failed cannot import no_such_module: ModuleNotFoundError: No module named 'no_such_module'"
        self.assertEqual(expected, line)

    def test_goes_without_a_module_that_it_may_have(self):
        keeper = self.keeper("--preload-found=no_such_module,json").ready()
        self.assertIn("json", keeper.lines[1])
        self.assertEqual("", keeper.log)

    def test_refuses_modules_that_leave_a_thread(self):
        text = "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        (self.root / "threaded.py").write_text(text)
        line = self.failed("--preload=threaded", env={"PYTHONPATH": str(self.root)})
        self.assertEqual("failed the modules have started a thread, and a fork has none but its own", line)

    def test_imports_nothing_from_the_folder_of_its_source(self):
        source = self.root / "keeper.py"
        shutil.copy(SOURCE, source)
        for name in "select", "fcntl", "warnings", "opcode", "json", "resource":
            (self.root / (name + ".py")).write_text("raise SystemExit('a stranger is here')\n")
        self.keeper("--preload=json", source=source).ready()

    def test_sends_what_modules_print_to_the_log_once(self):
        (self.root / "chatty.py").write_text("print('from the module')\n")
        script = self.script("a.py", "print('from the script')\n")
        keeper = self.keeper("--preload=chatty", env={"PYTHONPATH": str(self.root)}).ready()
        answer = keeper.run(script, env=dict(ENVIRONMENT, PYTHONPATH=str(self.root)))
        self.assertEqual((b"from the script\n", None), (answer.output, answer.cold))
        self.assertEqual("from the module\n", keeper.log)

    def test_refuses_other_options(self):
        self.assertEqual("failed no such option: --verbose", self.failed("--verbose"))


class End(Life):
    def test_ends_at_once_when_the_daemon_is_gone_and_leaves_its_children(self):
        script = self.script("a.py", "import sys\nprint('begun', flush=True)\nsys.stdin.read()\nprint('ended')\n")
        keeper = self.keeper().ready()
        with Pipes(b"") as pipes:
            keeper.start(script, *pipes.theirs)
            self.assertEqual(b"begun\n", os.read(pipes.stdout, 100))
            keeper.socket.close()
            self.assertEqual(0, keeper.process.wait(PATIENCE))
            self.assertEqual(b"ended\n", pipes.exchange()[0])

    def test_ends_with_a_message_if_it_is_spoken_to_wrongly(self):
        wrong = [
            (struct.pack(">I", (1 << 20) + 1), "a message of 1048577 bytes"),
            (self.framed(b"walk"), "a message that is not understood: its kind is b'walk'"),
            (self.framed(b""), "a message that is not understood: its kind is b''"),
            (self.framed(b"run", b"1", b"a"), "a message that is not understood: "),
            (self.framed(b"kill", b"x", b"15"), "a message that is not understood: "),
            (self.framed(b"kill"), "a message that is not understood: "),
        ]
        for data, message in wrong:
            with self.subTest(data):
                keeper = self.keeper().ready()
                keeper.socket.sendall(data)
                self.assertEqual(1, keeper.process.wait(PATIENCE))
                self.assertIn("keeper: " + message, keeper.log)

    @staticmethod
    def framed(*fields):
        data = bytes(1).join(fields)
        return struct.pack(">I", len(data)) + data

    def test_ends_with_a_message_if_a_run_has_too_few_descriptors(self):
        keeper = self.keeper().ready()
        keeper.send([b"run", b"1", b"a.py", b"1", b"./a.py"], [0, 1])
        self.assertEqual(1, keeper.process.wait(PATIENCE))
        self.assertEqual("keeper: a message that is not understood: a run with 2 descriptors\n", keeper.log)

    def test_takes_no_path_for_a_name(self):
        keeper = self.keeper().ready()
        keeper.send([b"run", b"1", b"../a.py", b"1", b"./a.py"], [0, 1, 2, 0])
        self.assertEqual(1, keeper.process.wait(PATIENCE))

    def test_does_not_wait_for_a_daemon_that_does_not_read(self):
        keeper = self.keeper().ready()
        soft, hard = resource.prlimit(keeper.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(keeper.process.pid, resource.RLIMIT_NOFILE, (3, hard))  # each answer is "busy"
        with Pipes() as pipes:
            with self.assertRaises(OSError):
                for _ in range(500_000):
                    keeper.start(self.root / "missing.py", *pipes.theirs)
        self.assertEqual(1, keeper.process.wait(PATIENCE))
        self.assertEqual("keeper: the daemon does not read\n", keeper.log)

    def test_understands_messages_that_come_in_pieces(self):
        script = self.script("a.py", "print('hello')\n")
        keeper = self.keeper().ready()
        keeper.pieces = True
        self.assertEqual(b"hello\n", keeper.run(script).output)


class Children(Life):
    def test_are_reported_as_they_end(self):
        keeper = self.keeper().ready()
        self.assertEqual(3 << 8, keeper.run(self.script("a.py", "raise SystemExit(3)\n")).status)
        self.assertEqual(9, keeper.run(self.script("b.py", "import os\nos.kill(os.getpid(), 9)\n")).status)
        busy = keeper.run(self.script("c.py", "import time\nwhile time.process_time() < 0.2:\n    pass\n"))
        self.assertLess(190_000, busy.cpu)
        self.assertFalse(busy.left)

    def test_are_reported_before_they_end_if_they_take_long(self):
        script = self.script("a.py", "import sys\nsys.stdin.read()\n")
        keeper = self.keeper().ready()
        with Pipes(b"") as pipes:
            number = keeper.start(script, *pipes.theirs)
            keeper.until(lambda: number in keeper.answers)
            self.assertEqual("forked %d %d" % (number, keeper.answers[number].pid), keeper.lines[-1])
            pipes.exchange()
        keeper.until(lambda: keeper.answers[number].status == 0)

    def test_run_side_by_side(self):
        script = self.script("a.py", "import sys\nprint(len(sys.stdin.read()))\n")
        keeper = self.keeper().ready()
        pipes = [Pipes(b"x" * n) for n in range(60)]
        numbers = []
        for each in pipes:
            numbers.append(keeper.start(script, *each.theirs))
            each.close_theirs()
        for n, each in enumerate(pipes):
            with each:
                self.assertEqual((b"%d\n" % n, b""), each.exchange())
        keeper.until(lambda: all(n in keeper.answers and keeper.answers[n].status == 0 for n in numbers))

    def test_are_killed_with_their_group(self):
        script = self.script("a.py", "import os, time\nos.fork()\nos.write(1, b'up')\ntime.sleep(99)\n")
        keeper = self.keeper().ready()
        with Pipes() as pipes:
            number = keeper.start(script, *pipes.theirs)
            pipes.close_theirs()
            ups = b""
            while len(ups) < 4:
                ups += os.read(pipes.stdout, 4)
            keeper.kill(number, signal.SIGTERM)
            self.assertEqual((b"", b""), pipes.exchange())
        keeper.until(lambda: number in keeper.answers and keeper.answers[number].status == signal.SIGTERM)

    def test_leave_a_group_whose_end_is_told(self):
        script = self.script("a.py", "import os, time\nif os.fork() == 0:\n    time.sleep(99)\n")
        keeper = self.keeper().ready()
        with Pipes() as pipes:
            number = keeper.start(script, *pipes.theirs)
            keeper.until(lambda: number in keeper.answers and keeper.answers[number].status is not None)
            self.assertTrue(keeper.answers[number].left)
            self.assertFalse(keeper.answers[number].gone)
            keeper.kill(number, signal.SIGKILL)
            keeper.until(lambda: keeper.answers[number].gone)
        keeper.kill(number, signal.SIGKILL)  # of what has ended: ignored
        keeper.kill(9999, signal.SIGKILL)
        self.assertEqual(b"1\n", keeper.run(self.script("b.py", "print(1)\n")).output)

    def test_show_nothing_of_one_request_to_the_next(self):
        first = self.script(
            "first.py",
            "import os, sys, json, builtins, signal, random, time, warnings, resource\n"
            "os.environ['LEFT'] = '1'\nos.putenv('LEFT2', '1')\nos.chdir('/')\nos.umask(0o77)\njson.left = 1\n"
            "builtins.left = 1\nsys.path.append('/left')\nsys.setrecursionlimit(77)\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\njson.dumps = None\nsys.stdin.close()\nos.close(2)\n"
            "del sys.modules['json']\nos.nice(5)\nrandom.seed(1)\nsys.argv.append('left')\n"
            "os.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()\nsys.stdout.reconfigure(encoding='utf-16')\n"
            "warnings.simplefilter('error')\nresource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\nopen('/dev/null')\n",
        )
        second = self.script(
            "second.py",
            "import os, sys, json, builtins, signal, subprocess, time, resource, warnings\n"
            "print(os.getenv('LEFT'), subprocess.check_output('echo $LEFT2', shell=True), os.getcwd() == sys.path[0], oct(os.umask(0)))\n"
            "print(hasattr(json, 'left'), hasattr(builtins, 'left'), '/left' in sys.path, sys.getrecursionlimit())\n"
            "print(signal.getsignal(signal.SIGTERM), json.dumps([]), sys.stdin.read(), os.getpriority(0, 0), sys.argv)\n"
            "print(time.tzname, sys.stdout.encoding, warnings.filters, resource.getrlimit(resource.RLIMIT_NOFILE))\n"
            "print(sorted((fd, os.path.exists('/proc/self/fd/' + fd)) for fd in os.listdir('/proc/self/fd')))\n",
        )
        keeper = self.keeper("--preload=json,random,warnings").ready()
        before = keeper.run(second, b"body")
        self.assertEqual((0, None, b""), (before.status, before.cold, before.errors))
        self.assertEqual(b"", keeper.run(first).errors)
        self.assertEqual(before.output, keeper.run(second, b"body").output)

    def test_have_randomness_of_their_own(self):
        script = self.script(
            "a.py",
            "import random, uuid, tempfile, secrets, os\n"
            "print(random.random(), uuid.uuid4(), uuid.uuid1(), tempfile.mktemp(), secrets.token_hex(), os.urandom(9).hex())\n",
        )
        keeper = self.keeper("--preload-found=random,uuid,tempfile,secrets,ssl").ready()
        runs = [keeper.run(script).output.split() for _ in range(3)]
        self.assertEqual(6, len(runs[0]))
        for values in zip(*runs):
            self.assertEqual(3, len(set(values)), values)

    def test_have_limits_that_the_keeper_has_not(self):
        names = ("cpu", "nofile", "fsize")
        text = "import resource as r\nprint(%s)\n" % ", ".join("r.getrlimit(r.RLIMIT_%s)" % name.upper() for name in names)
        keeper = self.keeper("--limit=cpu:7:8", "--limit=nofile:32:64", "--limit=fsize:1000:2000").ready()
        self.assertEqual(b"(7, 8) (32, 64) (1000, 2000)\n", keeper.run(self.script("a.py", text)).output)
        self.assertNotEqual((7, 8), resource.prlimit(keeper.process.pid, resource.RLIMIT_CPU))

    def test_leave_no_descriptors_to_the_keeper(self):
        script = self.script("a.py", "print(1)\n")
        keeper = self.keeper().ready()
        keeper.run(script)
        before = sorted(os.listdir("/proc/%d/fd" % keeper.process.pid))
        for _ in range(20):
            keeper.run(script)
            keeper.run(self.root / "missing.py")
        self.assertEqual(before, sorted(os.listdir("/proc/%d/fd" % keeper.process.pid)))

    def test_are_refused_without_room_for_descriptors(self):
        script = self.script("a.py", "print(1)\n")
        keeper = self.keeper().ready()
        soft, hard = resource.prlimit(keeper.process.pid, resource.RLIMIT_NOFILE)
        for limit in range(3, 8):
            resource.prlimit(keeper.process.pid, resource.RLIMIT_NOFILE, (limit, hard))
            answer = keeper.run(script)
            self.assertEqual((24, b""), (answer.busy, answer.output), limit)
        resource.prlimit(keeper.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        self.assertEqual(b"1\n", keeper.run(script).output)

    def test_are_refused_without_room_for_processes(self):
        self.assertEqual(0, os.getuid(), "only root may become another user")
        script = self.script("a.py", "print(1)\n")
        keeper = self.keeper(user=NOBODY, python=COMMON).ready()
        self.assertEqual(b"1\n", keeper.run(script).output)
        alone = self.keeper(user=NOBODY + 1, processes=1, python=COMMON).ready()
        for _ in range(2):
            answer = alone.run(script)
            self.assertEqual((11, b""), (answer.busy, answer.output))

    def test_that_fight_the_keeper_do_not_stop_it(self):
        hostile = self.script(
            "a.py",
            "import os, signal\n"
            "for fd in range(3, 256):\n    try:\n        os.write(fd, b'ended 1 1 0 0 0 0')\n    except OSError:\n        pass\n"
            "os.kill(os.getppid(), signal.SIGCHLD)\nos.kill(os.getppid(), signal.SIGWINCH)\n"
            "assert os.getpgrp() == os.getpid()\nos.killpg(os.getpid(), signal.SIGKILL)\n",
        )
        keeper = self.keeper().ready()
        for _ in range(3):
            self.assertEqual(9, keeper.run(hostile).status)
        self.assertEqual(b"1\n", keeper.run(self.script("b.py", "print(1)\n")).output)


class Spares(Life):
    def spares(self, keeper):
        """The process ids of the children that wait."""
        with open("/proc/%d/task/%d/children" % (keeper.process.pid, keeper.process.pid)) as file:
            return set(map(int, file.read().split()))

    def test_take_requests_and_are_replaced(self):
        script = self.script("a.py", "import os, sys\nprint(os.getpid(), os.getsid(0), sys.argv, sys.stdin.read())\n")
        keeper = self.keeper("--preload=json", "--spare=2").ready()
        for _ in range(5):
            eventually(lambda: len(self.spares(keeper)) == 2)
            waiting = self.spares(keeper)
            answer = keeper.run(script, b"body", ["x"])
            self.assertIn(answer.pid, waiting)
            expected = "%d %d ['./a.py', 'x'] body\n" % (answer.pid, answer.pid)
            self.assertEqual((expected, b"", 0), (answer.output.decode(), answer.errors, answer.status))

    def test_that_die_are_replaced_after_a_pause(self):
        script = self.script("a.py", "print(1)\n")
        keeper = self.keeper("--spare=1").ready()
        for _ in range(2):
            eventually(lambda: len(self.spares(keeper)) == 1)
            pid = self.spares(keeper).pop()
            os.kill(pid, signal.SIGKILL)
            eventually(lambda: pid not in self.spares(keeper))
            self.assertEqual(b"1\n", keeper.run(script).output)
            eventually(lambda: self.spares(keeper) - {pid})

    def test_are_left_out_by_large_scripts(self):
        keeper = self.keeper("--spare=1").ready()
        eventually(lambda: len(self.spares(keeper)) == 1)
        first = self.script("a.py", "print(%r)\n" % ("x" * 90_000))
        large = self.script("b.py", "print(%r)\n" % ("x" * 150_000))
        self.assertEqual(150_001, len(keeper.run(large).output))
        self.assertEqual(90_001, len(keeper.run(first).output))

    def test_end_with_the_keeper(self):
        keeper = self.keeper("--spare=2").ready()
        eventually(lambda: len(self.spares(keeper)) == 2)
        waiting = self.spares(keeper)
        keeper.socket.close()
        self.assertEqual(0, keeper.process.wait(PATIENCE))
        eventually(lambda: not any(os.path.exists("/proc/%d" % pid) for pid in waiting))

    def test_run_no_script_cold(self):
        keeper = self.keeper("--preload=json", "--spare=1").ready()
        (self.root / "json.py").write_text("")
        self.assertEqual("hidden json", keeper.run(self.script("a.py", "print(1)\n")).cold)


class Programs(Life):
    SCRIPT = "echo $0 $* $A $PATH; pwd; cat; ls -l /proc/self/fd | wc -l; exec grep Sig /proc/self/status\n"

    def run_program(self, *options):
        script = self.root / "a.sh"
        script.write_text("#!/bin/sh\n" + self.SCRIPT)
        script.chmod(0o755)
        keeper = self.keeper("--preload-found=json", *options).ready()
        return keeper.run(script, b"body\n", ["one", "two"], dict(ENVIRONMENT, A="b"), program=b"./a.sh")

    def test_are_executed_as_scripts_are(self):
        for options in ((), ("--limit=nofile:100:100",)):
            with self.subTest(options):
                answer = self.run_program(*options)
                lines = answer.output.decode().splitlines()
                self.assertEqual("./a.sh one two b /usr/local/bin:/usr/bin:/bin", lines[0])
                self.assertEqual([str(self.root), "body", "5"], lines[1:4])  # total, 0, 1, 2, the folder that ls reads
                blocked, ignored = (line.split()[1] for line in lines if line[:6] in ("SigBlk", "SigIgn"))
                internal = 3 << 31  # of libc, which posix_spawn(3) leaves ignored
                self.assertEqual((0, 0), (int(blocked, 16), int(ignored, 16) & ~internal))
                self.assertEqual((0, b"", None), (answer.status, answer.errors, answer.cold))
                self.assertFalse(answer.left)

    def test_are_killed_with_their_group(self):
        keeper = self.keeper().ready()
        with Pipes() as pipes:
            number = keeper.start(self.script("a.py", ""), *pipes.theirs, ["9"], program=b"/bin/sleep")
            keeper.kill(number, signal.SIGTERM)
            self.assertEqual((b"", b""), pipes.exchange())
        keeper.until(lambda: number in keeper.answers and keeper.answers[number].status == signal.SIGTERM)

    def test_are_refused_if_they_cannot_be_executed(self):
        keeper = self.keeper().ready()
        script = self.script("a.py", "print(1)\n", 0o644)
        self.assertEqual(13, keeper.run(script, program=b"./a.py").busy)
        self.assertEqual(2, keeper.run(script, program=b"./b.py").busy)
        self.assertEqual(b"1\n", keeper.run(script).output)


class Verdicts(Life):
    def test_executes_what_hides_a_module_that_is_there(self):
        keeper = self.keeper("--preload=json,html").ready()
        script = self.script("a.py", "import json, html\nprint(json.__file__, html.__file__, __name__)\n")
        self.assertIsNone(keeper.run(script).cold)
        (self.root / "html").mkdir()  # no package yet
        self.assertIsNone(keeper.run(script).cold)
        (self.root / "json.py").write_text("")
        answer = keeper.run(script)
        self.assertEqual("hidden json", answer.cold)
        self.assertRegex(answer.output.decode(), "^%s/json.py /.*html/__init__.py __main__\n$" % self.root)
        (self.root / "json.py").unlink()
        settle(self.root)
        self.assertIsNone(keeper.run(script).cold)
        (self.root / "html" / "__init__.py").write_text("")
        self.assertEqual("hidden html", keeper.run(script).cold)

    def test_runs_warm_what_lies_beside_the_module_that_is_there(self):
        (self.root / "mine.py").write_text("VALUE = 1\n")
        package = self.root / "package"
        package.mkdir()
        (package / "__init__.py").write_text("VALUE = 2\n")
        env = {"PYTHONPATH": str(self.root)}
        keeper = self.keeper("--preload=mine,package", env=env).ready()
        answer = keeper.run(self.script("a.py", "import mine, package\nprint(mine.VALUE, package.VALUE)\n"), env=env)
        self.assertEqual((None, b"1 2\n"), (answer.cold, answer.output))
        other = self.script("sub/a.py", "import mine\nprint(mine.VALUE)\n")
        (self.root / "sub" / "mine.py").write_text("VALUE = 3\n")
        answer = keeper.run(other, env=env)
        self.assertEqual(("hidden mine", b"3\n"), (answer.cold, answer.output))

    def test_lets_nothing_hide_what_a_fresh_interpreter_has(self):
        keeper = self.keeper("--preload=json").ready()
        script = self.script("a.py", "import sys, time\nprint(time.__name__)\n")
        for name in "time.py", "sys.py", "encodings.py", "gc.py", "json.txt", "jsonx.py":
            (self.root / name).write_text("")
        answer = keeper.run(script)
        self.assertEqual((None, b"time\n"), (answer.cold, answer.output))

    def test_executes_what_it_cannot_compile_or_read(self):
        keeper = self.keeper().ready()
        self.assertRegex(keeper.run(self.script("a.py", "if\n")).cold, "^syntax SyntaxError: ")
        answer = keeper.run(self.script("b.py", "#" * 1_100_000 + "\nprint('large')\n"))
        self.assertEqual(("large of more than 1048576 bytes", b"large\n"), (answer.cold, answer.output))
        answer = keeper.run(self.root / "missing.py")
        self.assertEqual(("unreadable ENOENT", 126 << 8), (answer.cold, answer.status))
        os.mkfifo(self.root / "fifo.py", 0o755)
        self.assertEqual("unreadable no regular file", keeper.run(self.root / "fifo.py").cold)

    def test_reads_scripts_as_the_user(self):
        self.assertEqual(0, os.getuid(), "only root may become another user")
        script = self.script("a.py", "print('secret')\n", 0o711)
        keeper = self.keeper(user=NOBODY, python=COMMON).ready()
        answer = keeper.run(script)
        self.assertEqual(("unreadable EACCES", b""), (answer.cold, answer.output))
        self.assertNotEqual(0, answer.status)

    def test_executes_what_would_have_started_another_interpreter(self):
        script = self.script("a.py", "print(1)\n")
        keeper = self.keeper(env={"LC_ALL": "C.UTF-8", "HOME": "/"}).ready()
        env = dict(ENVIRONMENT, HOME="/", LANG="nonsense", LC_CTYPE="C", LC_ALL="C.UTF-8")
        self.assertIsNone(keeper.run(script, env=env).cold)
        for name, value in ("PYTHONDONTWRITEBYTECODE", "1"), ("HOME", "/x"):
            self.assertEqual("environment " + name, keeper.run(script, env=dict(env, **{name: value})).cold)
        self.assertEqual("environment locale", keeper.run(script, env=dict(env, LC_ALL="C")).cold)

    def test_takes_a_changed_script_at_once(self):
        keeper = self.keeper().ready()
        script = self.root / "a.py"
        for number in range(20):
            self.script("a.py", "print(%d)\n" % (number % 10))  # of the same size
            self.assertEqual(b"%d\n" % (number % 10), keeper.run(script).output)
        settle(script)
        self.assertEqual(b"9\n", keeper.run(script).output)
        self.script("a.py", "print(0)\n")
        self.assertEqual(b"0\n", keeper.run(script).output)

    def test_names_once_what_a_script_imports_and_it_lacks(self):
        keeper = self.keeper("--preload=json").ready()
        (self.root / "beside.py").write_text("")
        script = self.script(
            "a b.py",
            "import json, csv, beside, sys, xml.dom\n"
            "def f():\n    from wave import open\n    import no_such\n    from . import x\n",
        )
        settle(script)
        keeper.run(script)
        keeper.run(script)
        lacks = [line for line in keeper.lines if line.startswith("lacks")]
        self.assertEqual(["lacks csv,wave,xml %s/a b.py" % self.root], lacks)

    def test_names_once_a_module_that_has_changed(self):
        (self.root / "lib").mkdir()
        module = self.root / "lib" / "mine.py"
        module.write_text("VALUE = 1\n")
        env = {"PYTHONPATH": str(module.parent)}
        script = self.script("a.py", "import mine\nprint(mine.VALUE)\n")
        keeper = self.keeper("--preload=mine", env=env).ready()
        keeper.run(script, env=env)
        module.write_text("VALUE = 2\n# longer\n")
        eventually(lambda: keeper.run(script, env=env) and "stale mine" in keeper.lines)
        self.assertEqual(b"1\n", keeper.run(script, env=env).output)
        self.assertEqual(1, keeper.lines.count("stale mine"))


if __name__ == "__main__":
    unittest.main()
