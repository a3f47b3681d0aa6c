"""From the start of a process to its end."""

import os
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from fastcgi import GET_VALUES, STDIN, Client, head, pairs, record, stream
from runner import HERE, SOURCE, PYTHON, Runner, command, eventually, params

HELLO = head(params("/hello")) + record(STDIN)


def run(arguments, root=HERE, listener=None):
    """Status and log of a start that is expected to fail."""
    with open(SOURCE, "rb") as source:
        stdin = listener or subprocess.DEVNULL
        done = subprocess.run(arguments, stdin=stdin, stdout=source, stderr=subprocess.PIPE, cwd=root, timeout=20)
    return done.returncode, done.stderr.decode()


def in_mask(status, mask, number):
    """Whether a signal is in one of the masks of a /proc/PID/status."""
    line = next(line for line in status.read_text().splitlines() if line.startswith(mask + ":"))
    return bool(int(line.split()[1], 16) & 1 << number - 1)


def catches(pid, number):
    """Whether a process has a handler for a signal; one that is sent before would just kill it."""
    return in_mask(Path("/proc/%d/status" % pid), "SigCgt", number)


def pending(pid):
    """Whether there are signals that the kernel has still to deliver."""
    return "ShdPnd:\t0000000000000000\n" not in Path("/proc/%d/status" % pid).read_text()


class StartTest(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.root = Path(self.enter(tempfile.TemporaryDirectory()))

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def failed(self, app):
        return run(command("--app", app), self.root, self.listener)

    def test_exits_with_1_and_says_why_when_the_application_cannot_be_loaded(self):
        (self.root / "broken.py").write_text("import sys\n1 / 0\n")
        (self.root / "leaving.py").write_text("import sys\nsys.exit(0)\n")
        (self.root / "poor.py").write_text("application = 1\n")
        for app, message in (
            ("broken", "ZeroDivisionError"),
            ("leaving", "SystemExit: 0"),
            ("poor:other", "no attribute 'other'"),
            ("poor", "is no WSGI application"),
            ("absent.module", "No module named 'absent'"),
        ):
            with self.subTest(app):
                status, log = self.failed(app)
                self.assertEqual(1, status)
                self.assertIn(message, log)
                self.assertIn("Traceback", log)
                self.assertTrue(log.endswith("wsgi: %s cannot be loaded\n" % app), log)

    def test_exits_with_2_when_it_is_called_wrongly(self):
        for arguments in [], ["--app"], ["--threads", "2"], ["--app", "x", "--threads", "0"], ["--app", "x", "--y", "1"]:
            with self.subTest(arguments):
                status, log = run(command(*arguments), listener=self.listener)
                self.assertEqual(2, status)
                self.assertTrue(log.startswith("usage: "), log)

    def test_exits_with_2_without_a_listening_socket(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        for stdin in None, theirs:
            status, log = run(command("--app", "applications"), listener=stdin)
            self.assertEqual(2, status)
            self.assertIn("wsgi: descriptor 0 must be a listening socket", log)

    def test_finds_applications_in_packages_attributes_and_factories(self):
        (self.root / "pages").mkdir()
        (self.root / "pages" / "deep.py").write_text(
            "class Holder:\n    @staticmethod\n    def app(environ, start_response):\n"
            "        start_response('200 OK', [])\n        return [b'deep']\n"
            "def application(e, s):\n    s('200 OK', [])\n    return [b'usual']\n"
            "def make():\n    return application\n"
        )
        for app, body in ("pages.deep:Holder.app", b"deep"), ("pages.deep", b"usual"), ("pages.deep:make()", b"usual"):
            with self.subTest(app), Runner(app, root=self.root) as runner:
                self.assertEqual(body, runner.ask("/").body)

    def test_prefers_the_applications_folder_to_what_is_installed(self):
        (self.root / "statistics.py").write_text("def application(e, s):\n    s('200 OK', [])\n    return [b'own']\n")
        with Runner("statistics", root=self.root) as runner:
            self.assertEqual(b"own", runner.ask("/").body)

    def test_runs_from_the_source_on_descriptor_1_without_a_path_to_it(self):
        code = "import os;exec(compile(os.pread(1,1<<20,0),'<wsgi>','exec'))"
        with open(SOURCE, "rb") as source, tempfile.TemporaryFile() as log:
            arguments = [PYTHON, "-c", code, "--app", "applications:bare"]
            process = subprocess.Popen(arguments, stdin=self.listener, stdout=source, stderr=log, cwd=HERE)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            with socket.create_connection(self.listener.getsockname()) as client:
                client.settimeout(20)
                client.sendall(head(params("/surroundings")) + record(STDIN))
                self.assertIn(repr((["wsgi"], str(HERE), False, str(HERE))).encode(), client.recv(65536))

    def test_imports_nothing_from_the_folder_that_its_source_lies_in(self):
        with tempfile.TemporaryDirectory() as open_to_all:
            source = Path(open_to_all, "wsgi.py")
            source.write_bytes(SOURCE.read_bytes())
            for module in "struct", "select", "linecache", "traceback", "applications":
                Path(open_to_all, module + ".py").write_text("open(%r, 'w')" % (open_to_all + "/run"))
            with Runner(source=source) as runner:
                self.assertEqual("200 OK", runner.ask("/hello").status)
            self.assertFalse(Path(open_to_all, "run").exists())

    def test_reads_nothing_from_the_log_when_an_application_shows_its_stack(self):
        log, theirs = os.pipe()  # from which a traceback's look for the source would wait for ever
        self.addCleanup(os.close, log)
        with open(SOURCE, "rb") as source:
            process = subprocess.Popen(
                command("--app", "applications:bare"), stdin=self.listener, stdout=source, stderr=theirs, cwd=HERE
            )
        os.close(theirs)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        with Client(self.listener.getsockname()) as client:
            client.send(head(params("/stack")) + record(STDIN))
            self.assertIn(b"in stack", client.answer().body)


class ThreadsTest(unittest.TestCase):
    def test_serves_as_many_requests_at_once_as_it_has_threads(self):
        with Runner(threads=3) as runner:
            clients = [runner.connect() for _ in range(3)]
            for client in clients:
                client.send(head(params("/meets")) + record(STDIN))
            self.assertEqual([b"met in 1"] * 3, [client.answer().body for client in clients])
            for client in clients:
                client.close()

    def test_says_how_many_it_has(self):
        with Runner(threads=3) as runner, runner.connect() as client:
            client.send(record(GET_VALUES, pairs([("FCGI_MAX_CONNS", ""), ("FCGI_MAX_REQS", "")]), 0))
            self.assertEqual(pairs([("FCGI_MAX_CONNS", "3"), ("FCGI_MAX_REQS", "3")]), client.record()[2])


class SocketTest(unittest.TestCase):
    def test_serves_on_tcp(self):
        with Runner(tcp=True) as runner:
            self.assertEqual(b"hello\n", runner.ask("/hello").body)

    def test_serves_only_the_addresses_that_it_is_told(self):
        with Runner(tcp=True, env={"FCGI_WEB_SERVER_ADDRS": "192.0.2.1"}) as runner, runner.connect() as client:
            self.assertTrue(client.at_end())
        with Runner(tcp=True, env={"FCGI_WEB_SERVER_ADDRS": "192.0.2.1, 127.0.0.1"}) as runner:
            self.assertEqual(b"hello\n", runner.ask("/hello").body)

    def test_serves_a_socket_that_does_not_block(self):
        with Runner() as runner:
            runner.listener.setblocking(False)
            for _ in range(3):
                self.assertEqual(b"hello\n", runner.ask("/hello").body)

    def test_finds_its_place_below_a_path_in_the_environment(self):
        with Runner(env={"WSGI_SCRIPT_NAME": "/app"}) as runner:
            self.assertIn(b"SCRIPT_NAME=/app\n", runner.ask("/app/show").body)

    def test_is_not_out_of_service_when_descriptors_run_out(self):
        with Runner() as runner:
            self.assertEqual(b"hello\n", runner.ask("/hello").body)
            import resource

            used = len(os.listdir("/proc/%d/fd" % runner.process.pid))
            _, hard = resource.prlimit(runner.process.pid, resource.RLIMIT_NOFILE, (used, 1024))
            with runner.connect() as client:
                client.send(HELLO)
                eventually(lambda: "wsgi: no connection can be accepted" in runner.log)
                resource.prlimit(runner.process.pid, resource.RLIMIT_NOFILE, (1024, 1024))
                self.assertEqual(b"hello\n", client.answer().body)


class EndTest(unittest.TestCase):
    def test_exits_with_0_when_it_has_no_request(self):
        for threads in 1, 3:
            with self.subTest(threads=threads), Runner(threads=threads) as runner:
                runner.ask("/hello")
                runner.terminate()
                self.assertEqual(0, runner.ended())
                self.assertEqual("", runner.log)

    def test_exits_with_0_when_connections_stay_idle(self):
        for threads in 1, 3:
            with self.subTest(threads=threads), Runner(threads=threads) as runner, runner.connect() as client:
                client.send(head(params("/hello"), keep=True) + record(STDIN))
                client.answer()
                runner.terminate()
                self.assertEqual(0, runner.ended())

    def test_finishes_running_requests_first(self):
        for threads in 1, 3:
            with self.subTest(threads=threads), Runner(threads=threads) as runner:
                clients = [runner.connect() for _ in range(threads)]
                for client in clients:
                    client.send(head(params("/talk", "POST", 3), keep=True))
                    client.record()
                runner.terminate()
                runner.process.poll()
                for client in clients:
                    client.send(stream(STDIN, b"...") + record(STDIN))
                    self.assertTrue(client.answer().out.endswith(b"three"))
                    client.close()
                self.assertEqual(0, runner.ended())

    def test_leaves_the_socket_to_others(self):
        with Runner() as runner:
            runner.ask("/hello")
            runner.terminate()
            self.assertEqual(0, runner.ended())
            with runner.connect() as client:
                client.send(HELLO)
                runner.processes.append(runner.start())
                self.assertEqual(b"hello\n", client.answer().body)

    def test_ends_at_once_of_a_second_sigterm_and_of_sigint(self):
        for numbers, status in ([signal.SIGTERM] * 2, 128 + signal.SIGTERM), ([signal.SIGINT], -signal.SIGINT):
            with self.subTest(numbers), Runner() as runner, runner.connect() as client:
                client.send(head(params("/talk", "POST", 3)))
                client.record()
                for number in numbers:
                    eventually(lambda: not pending(runner.process.pid))
                    runner.process.send_signal(number)
                self.assertEqual(status, runner.ended())

    def test_notices_a_sigterm_that_comes_at_the_end_of_a_request(self):
        for _ in range(20):
            with Runner("applications:bare") as runner, runner.connect() as client:
                client.send(head(params("/hello"), keep=True) + record(STDIN))
                client.answer()
                runner.terminate()
                self.assertEqual(0, runner.ended(limit=4))

    def test_does_not_take_signals_to_processes_that_the_application_forks_for_its_own(self):
        with Runner() as runner:
            self.assertEqual(b"-15", runner.ask("/forks").body)
            self.assertEqual(b"-15", runner.ask("/forks").body)
            self.assertEqual(b"hello\n", runner.ask("/hello").body)

    def test_runs_what_the_application_has_registered_for_the_end(self):
        with tempfile.TemporaryDirectory() as root:
            Path(root, "app.py").write_text(
                "import atexit, time\nfrom applications import hello as application\n"
                "atexit.register(print, 'at exit')\natexit.register(time.sleep, 0.3)\n"
            )
            with Runner("app", root=root, env={"PYTHONPATH": str(HERE)}) as runner:
                runner.ask("/")
                runner.terminate()
                self.assertEqual(0, runner.ended())
                self.assertEqual("at exit\n", runner.log)

    def test_loses_no_request_to_processes_that_are_replaced(self):
        with Runner(processes=2) as runner:
            for process in runner.processes:
                eventually(lambda: catches(process.pid, signal.SIGTERM))
            failures = []
            done = threading.Event()
            asked = [0, 0, 0]

            def load(number):
                while not done.is_set():
                    try:
                        if runner.ask("/hello").body != b"hello\n":
                            failures.append("another answer")
                    except Exception as failure:
                        failures.append(repr(failure))
                    asked[number] += 1

            threads = [threading.Thread(target=load, args=(number,)) for number in range(3)]
            for thread in threads:
                self.addCleanup(thread.join)
                thread.start()
            self.addCleanup(done.set)
            for _ in range(6):
                reached = sum(asked) + 50
                eventually(lambda: sum(asked) > reached)
                fresh = runner.start()
                runner.processes.append(fresh)
                eventually(lambda: catches(fresh.pid, signal.SIGTERM))
                old = runner.processes.pop(0)
                old.send_signal(signal.SIGTERM)
                self.assertEqual(0, runner.ended(old))
            done.set()
            for thread in threads:
                thread.join()
            self.assertEqual([], failures)
