"""The load generator against servers that behave badly: it notices, says what it saw, and ends."""

import json
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

_BENCH = Path(__file__).resolve().parents[1]
_BODY = b"hello\n"
_DOCUMENT = b"Content-Type: text/plain\r\n\r\n" + _BODY


def _record(kind, content, padding=0, version=1):
    return (
        bytes([version, kind, 0, 1]) + len(content).to_bytes(2, "big") + bytes([padding, 0]) + content + bytes(padding)
    )


def _fcgi(document, status=0):
    return _record(6, document, 3) + _record(6, b"") + _record(3, bytes([0, 0, 0, 0, status, 0, 0, 0]))


class _Server:
    """Gives every connection the same bytes after its first input, then closes it or holds it open."""

    def __init__(self, answer, hold=False, keep=False, piece=None):
        self._answer = answer
        self._hold = hold
        self._keep = keep
        self._piece = piece or max(1, len(answer))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        #: What came last, of any connection.
        self.received = b""
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while received := connection.recv(65536):
                self.received = received
                for at in range(0, len(self._answer), self._piece):
                    connection.sendall(self._answer[at : at + self._piece])
                if not self._keep and not self._hold:
                    connection.close()
                    return
        except OSError:
            pass  # the generator has had enough

    @property
    def accepted(self):
        return len(self._open)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        for connection in self._open:
            connection.close()


class LoadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        folder = Path(cls._folder.name)
        cls._program = folder / "load"
        cls._body = folder / "body"
        cls._body.write_bytes(_BODY)
        sources = ["load.c", "request.c", "answer.c", "report.c"]
        command = ["gcc", "-std=gnu17", "-O1", "-g", "-fsanitize=address,undefined", "-Wall", "-Wextra", "-Werror"]
        subprocess.run([*command, "-o", str(cls._program), *sources], cwd=_BENCH, check=True)

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def _load(self, *arguments, body=True):
        checked = ["--body", str(self._body)] if body else []
        done = subprocess.run(
            [str(self._program), *arguments, *checked], capture_output=True, timeout=30, check=False, text=True
        )
        self.assertNotIn("Sanitizer", done.stderr)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        seen = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if seen["errors"] else 0)
        return seen

    def _refused(self, answer, *arguments, **server):
        with _Server(answer, **server) as running:
            return self._load("--fcgi", running.address, "--requests", "3", *arguments)

    def test_counts_good_fastcgi_answers(self):
        with _Server(_fcgi(_DOCUMENT)) as server:
            seen = self._load("--fcgi", server.address, "--requests", "50", "--connections", "4", "--param", "A=b")

        self.assertEqual((50, 0), (seen["requests"], seen["errors"]))
        self.assertLessEqual(seen["p50_us"], seen["p99_us"])
        self.assertLessEqual(seen["p99_us"], seen["max_us"])

    def test_posts_a_body_in_either_protocol(self):
        form = Path(self._folder.name) / "form"
        form.write_bytes(b"a=b&c=d")
        http = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(_BODY) + _BODY
        for arguments, answer, sent in (
            (["--fcgi"], _fcgi(_DOCUMENT), _record(5, b"a=b&c=d") + _record(5, b"")),
            (["--path", "/form", "--http"], http, b"\r\n\r\na=b&c=d"),
        ):
            with _Server(answer) as server:
                seen = self._load(*arguments, server.address, "--requests", "2", "--post", str(form))

                self.assertEqual((2, 0), (seen["requests"], seen["errors"]), seen["first_error"])
                self.assertTrue(server.received.endswith(sent), server.received)
        self.assertIn(b"POST /form HTTP/1.1\r\n", server.received)
        self.assertIn(b"Content-Length: 7\r\n", server.received)

    def test_reads_an_answer_that_comes_byte_by_byte(self):
        with _Server(_fcgi(_DOCUMENT), piece=1) as server:
            self.assertEqual(3, self._load("--fcgi", server.address, "--requests", "3")["requests"])

    def test_keeps_connections_and_opens_idle_ones(self):
        with _Server(_fcgi(_DOCUMENT), keep=True) as server:
            arguments = ["--keep", "--idle", "70", "--connections", "2"]
            seen = self._load("--fcgi", server.address, "--requests", "40", *arguments)

        self.assertEqual((40, 0, 0), (seen["requests"], seen["errors"], seen["retries"]))

    def test_opens_a_new_connection_when_a_kept_one_was_closed(self):
        with _Server(_fcgi(_DOCUMENT)) as server:
            seen = self._load("--fcgi", server.address, "--requests", "10", "--keep")

        self.assertEqual((10, 0), (seen["requests"], seen["errors"]))

    def test_says_when_an_idle_connection_was_closed(self):
        with _Server(_fcgi(_DOCUMENT)) as server:
            seen = self._load("--fcgi", server.address, "--seconds", "0.2", "--keep", "--idle", "1")

        self.assertIn("standing by", seen["first_error"])

    def test_a_wrong_body_is_an_error_that_shows_it(self):
        seen = self._refused(_fcgi(b"A: b\n\nother\n"))

        self.assertEqual((0, 3), (seen["requests"], seen["errors"]))
        self.assertIn("body of 6 bytes is not the expected one of 6: other", seen["first_error"])

    def test_another_status_is_an_error_unless_it_was_asked_for(self):
        document = b"Status: 404 Not Found\r\n\r\nno\n"
        self.assertIn("status 404, expected 200", self._refused(_fcgi(document))["first_error"])
        with _Server(_fcgi(document)) as server:
            seen = self._load("--fcgi", server.address, "--requests", "3", "--status", "404", body=False)
        self.assertEqual(3, seen["requests"])

    def test_a_closed_connection_before_the_end_is_an_error(self):
        seen = self._refused(_fcgi(_DOCUMENT)[:-4])

        self.assertEqual(3, seen["errors"])
        self.assertIn("before END_REQUEST", seen["first_error"])

    def test_a_cut_answer_is_an_error(self):
        self.assertIn("version 0", self._refused(_record(6, _DOCUMENT) + bytes(8))["first_error"])

    def test_overload_is_an_error(self):
        self.assertIn("protocol status 2", self._refused(_fcgi(_DOCUMENT, status=2))["first_error"])

    def test_what_the_script_wrote_to_stderr_stands_beside_the_error(self):
        answer = _record(7, b"Traceback\n") + _fcgi(b"A: b\n\n")
        self.assertIn("stderr: Traceback", self._refused(answer)["first_error"])

    def test_a_server_that_never_answers_is_given_up(self):
        seen = self._refused(b"", "--request-limit", "0.2", hold=True)

        self.assertEqual((0, 3, 3), (seen["requests"], seen["errors"], seen["timeouts"]))
        self.assertIn("no whole answer in 0.2 s", seen["first_error"])

    def test_a_server_that_is_not_there_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
        self.assertIn("refused", self._load("--fcgi", address, "--requests", "2")["first_error"])

    def test_a_full_backlog_is_waited_for_and_then_given_up(self):
        path = str(Path(self._folder.name) / "full.sock")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(0)
            arguments = ["--requests", "4", "--connections", "4", "--request-limit", "0.3"]
            seen = self._load("--fcgi", path, *arguments)

        self.assertEqual(4, seen["timeouts"])
        self.assertGreater(seen["retries"], 10)

    def test_reads_http_in_all_three_framings(self):
        for head, body in (
            (b"Content-Length: 6\r\n\r\n", _BODY),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\nhe\r\n4;x=y\r\nllo\n\r\n0\r\n\r\n"),
            (b"\r\n", _BODY),
        ):
            with self.subTest(head=head), _Server(b"HTTP/1.1 200 OK\r\n" + head + body, piece=5) as server:
                seen = self._load("--http", server.address, "--path", "/x", "--requests", "3")
                self.assertEqual((3, 0), (seen["requests"], seen["errors"]), seen["first_error"])

    def test_keeps_http_connections_in_both_framings(self):
        for head, body in (
            (b"Content-Length: 6\r\n\r\n", _BODY),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"6\r\nhello\n\r\n0\r\n\r\n"),
        ):
            with self.subTest(head=head), _Server(b"HTTP/1.1 200 OK\r\n" + head + body, keep=True, piece=7) as server:
                arguments = ["--path", "/x", "--keep", "--connections", "2", "--requests", "40"]
                seen = self._load("--http", server.address, *arguments)
                self.assertEqual((40, 0, 0), (seen["requests"], seen["errors"], seen["retries"]), seen["first_error"])
                self.assertEqual(2, server.accepted)

    def test_an_http_connection_that_ends_with_its_answer_is_not_used_again(self):
        for head in (b"\r\n", b"Content-Length: 6\r\n\r\n"):
            with self.subTest(head=head), _Server(b"HTTP/1.1 200 OK\r\n" + head + _BODY) as server:
                seen = self._load("--http", server.address, "--path", "/x", "--keep", "--requests", "10")
                self.assertEqual((10, 0), (seen["requests"], seen["errors"]), seen["first_error"])

    def test_wrong_http_answers_are_errors(self):
        for head, body, reason in (
            (b"Content-Length: 7\r\n\r\n", _BODY, "after 6 of 7 bytes"),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"6\r\nhello\n\r\n", "inside the chunks"),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n", "bad chunk"),
            (b"X: y\r\n", b"", "inside the head"),
            (b"Content-Length: 5\r\n\r\n", _BODY, "1 bytes after the body"),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"6\r\nhello\n\r\n0\r\n\r\nmore", "4 bytes after the last"),
        ):
            with self.subTest(reason=reason), _Server(b"HTTP/1.1 200 OK\r\n" + head + body) as server:
                seen = self._load("--http", server.address, "--path", "/x", "--requests", "1")
                self.assertIn(reason, seen["first_error"])


if __name__ == "__main__":
    unittest.main()
