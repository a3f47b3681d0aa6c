"""What an application sees of a request and a front end of its answer."""

import hashlib
import random
import unittest

from fastcgi import ABORT_REQUEST, END_REQUEST, PARAMS, STDERR, STDIN, STDOUT, begin, head, pairs, record, stream
from runner import HERE, Runner, eventually, params


class Requests(unittest.TestCase):
    """The same runner for all of a class: one request must not leave anything behind for the next."""

    APP = "applications:application"

    @classmethod
    def setUpClass(cls):
        cls.runner = cls.enterClassContext(Runner(cls.APP)) if hasattr(cls, "enterClassContext") else Runner(cls.APP)
        if not hasattr(cls, "enterClassContext"):  # Python 3.10 and older
            cls.addClassCleanup(cls.runner.__exit__)

    def ask(self, path, *arguments, **more):
        return self.runner.ask(path, *arguments, **more)

    def environ(self, path, **more):
        body = self.ask(path, **more).body.decode("latin-1")
        return dict(line.split("=", 1) for line in body.splitlines())

    def logged(self, text):
        eventually(lambda: text in self.runner.log)
        return self.runner.log


class EveryApplication:
    """What holds with the validator in between and without it."""

    def test_answers_a_request(self):
        answer = self.ask("/hello")
        self.assertEqual("200 OK", answer.status)
        self.assertEqual(b"hello\n", answer.body)
        self.assertEqual((0, 0), (answer.app_status, answer.protocol_status))
        self.assertEqual([STDOUT, STDOUT, END_REQUEST], answer.kinds[-3:])

    def test_answers_with_an_empty_body(self):
        self.assertEqual(("200 OK", b""), (self.ask("/empty").status, self.ask("/empty").body))

    def test_gives_bodies_of_every_size_in_every_way_of_reading(self):
        source = random.Random(1)
        for size in 0, 1, 65_535, 65_536, 5_000_000:
            body = source.randbytes(size)
            expected = "%d %s b''" % (size, hashlib.sha256(body).hexdigest())
            for way in "", "lines", "readline", "readlines", "small":
                with self.subTest(size=size, way=way):
                    answer = self.ask("/digest", method="POST", body=body, QUERY_STRING=way)
                    self.assertEqual(expected, answer.body.decode(), answer.err)

    def test_reads_a_request_wherever_it_is_cut(self):
        request = head(params("/digest", "POST", 5, HTTP_LONG="x" * 200)) + stream(STDIN, b"a\nbcd", size=2, padding=3)
        request += record(STDIN, padding=5)
        expected = self.ask("/digest", method="POST", body=b"a\nbcd").body
        for cut in [*range(1, len(request), 7), 0]:
            with self.subTest(cut=cut), self.runner.connect() as client:
                if cut:
                    client.send(request[:cut])
                    client.send(request[cut:])
                else:
                    for at in range(len(request)):
                        client.send(request[at : at + 1])
                self.assertEqual(expected, client.answer().body)

    def test_ends_the_body_at_its_content_length(self):
        with self.runner.connect() as client:
            client.send(head(params("/digest", "POST", 3)) + stream(STDIN, b"abcdef") + record(STDIN))
            self.assertEqual(b"3 " + hashlib.sha256(b"abc").hexdigest().encode() + b" b''", client.answer().body)

    def test_does_not_wait_for_the_end_of_stdin_when_the_content_length_is_there(self):
        with self.runner.connect() as client:
            client.send(head(params("/digest", "POST", 3)) + stream(STDIN, b"abc"))
            self.assertTrue(client.answer().body.startswith(b"3 "))

    def test_reads_a_body_of_unknown_length_to_the_end_of_stdin(self):
        with self.runner.connect() as client:
            client.send(head(params("/digest", "POST")) + stream(STDIN, b"x" * 100_000, size=999) + record(STDIN))
            self.assertTrue(client.answer().body.startswith(b"100000 "))

    def test_does_not_pass_a_part_of_a_body_for_the_whole(self):
        with self.runner.connect() as client:
            client.send(head(params("/digest", "POST", 10)) + stream(STDIN, b"abc") + record(STDIN))
            answer = client.answer()
        self.assertEqual("500 Internal Server Error", answer.status)
        self.assertIn(b"OSError: the request body ends 7 bytes before its CONTENT_LENGTH", answer.err)

    def test_keeps_equal_headers_apart_and_their_bytes(self):
        answer = self.ask("/cookies")
        self.assertEqual(["a=1", "b=2"], answer.all("Set-Cookie"))
        self.assertEqual(["\xe4"], answer.all("X-Latin"))

    def test_sends_each_part_before_the_application_makes_the_next(self):
        with self.runner.connect() as client:
            client.send(head(params("/talk", "POST", 3)))
            answer = b""
            for part in b"one", b"two", b"three":
                kind, _, content = client.record()
                answer += content
                self.assertEqual(STDOUT, kind)
                self.assertTrue(answer.endswith(part))
                client.send(stream(STDIN, b"."))
            self.assertEqual(0, client.answer().app_status)

    def test_sends_the_head_together_with_the_first_part(self):
        with self.runner.connect() as client:
            client.send(head(params("/talk", "POST", 3)) + stream(STDIN, b"...") + record(STDIN))
            self.assertTrue(client.record()[2].endswith(b"\r\n\r\none"))

    def test_sends_large_answers_whole(self):
        self.assertEqual(bytes(range(256)) * 20_000, self.ask("/big").body)
        self.assertEqual(b"a" * 70_000 + b"b" + b"c" * 65_528, self.ask("/parts").body)
        self.assertEqual(b"x" * 100_000, self.ask("/file").body)

    def test_has_the_write_of_old_applications(self):
        self.assertEqual(b"first second third", self.ask("/written").body)

    def test_answers_head_without_a_body(self):
        for path in "/hello", "/big", "/parts", "/file":
            with self.subTest(path=path):
                answer = self.ask(path, method="HEAD")
                self.assertEqual(("200 OK", b""), (answer.status, answer.body))

    def test_says_500_when_the_application_fails_before_the_head_is_out(self):
        for path, message in ("/fails", b"before the head"), ("/fails_late", b"after start_response"):
            with self.subTest(path=path):
                answer = self.ask(path)
                self.assertEqual("500 Internal Server Error", answer.status)
                self.assertTrue(answer.err.startswith(b"Traceback"), answer.err)
                self.assertIn(b"LookupError: " + message, answer.err)
                self.assertNotIn(b"/proc/self", answer.err)
                self.assertNotIn(message, answer.out)
                self.assertEqual([STDERR, STDOUT, END_REQUEST], sorted(set(answer.kinds), reverse=True))

    def test_lets_no_application_end_the_process(self):
        self.assertEqual("500 Internal Server Error", self.ask("/leaves").status)
        self.assertEqual("200 OK", self.ask("/hello").status)

    def test_closes_without_an_end_when_the_application_fails_later(self):
        with self.runner.connect() as client:
            client.send(head(params("/fails_midway"), keep=True) + record(STDIN))
            answer = client.answer()
            self.assertTrue(client.at_end())
        self.assertEqual(b"some ", answer.body)
        self.assertIn(b"LookupError: midway", answer.err)
        self.assertIsNone(answer.app_status)

    def test_lets_an_application_replace_a_head_that_is_not_out(self):
        answer = self.ask("/recovers")
        self.assertEqual(("500 Sorry", b"sorry", []), (answer.status, answer.body, answer.all("X-First")))

    def test_raises_the_applications_own_exception_when_the_head_is_out(self):
        answer = self.ask("/recovers_too_late")
        self.assertEqual(("200 OK", b"x", None), (answer.status, answer.body, answer.app_status))
        self.assertIn(b"LookupError: too late", answer.err)

    def test_refuses_what_the_interface_forbids(self):
        for path in "/twice", "/silent", "/text", "/splits":
            with self.subTest(path=path):
                answer = self.ask(path)
                self.assertEqual("500 Internal Server Error", answer.status)
                self.assertNotIn(b"b=c", answer.out)

    def test_closes_what_an_application_returns(self):
        for path, more in ("/closing", 1), ("/closing_midway", 1):
            before = self.runner.log.count("closed\n")
            self.ask(path)
            eventually(lambda: self.runner.log.count("closed\n") == before + more)

    def test_holds_a_failing_close_for_no_failure_of_the_answer(self):
        answer = self.ask("/closing_badly")
        self.assertEqual((b"all of it", 0), (answer.body, answer.app_status))
        self.assertIn(b"LookupError: in close", answer.err)

    def test_sends_wsgi_errors_as_stderr_and_prints_to_the_log(self):
        answer = self.ask("/complains")
        self.assertEqual("a line with \u20ac and \\udc80\nwithout an end and more", answer.err.decode())
        self.logged("printed\n")
        self.assertEqual(STDERR, answer.kinds[0])

    def test_logs_what_is_written_to_wsgi_errors_outside_its_request(self):
        self.assertEqual(b"", self.ask("/complains_elsewhere").err)
        self.logged("from another thread\n")
        self.assertEqual(b"", self.ask("/complains_elsewhere").err)
        self.logged("after its request\n")

    def test_serves_a_thousand_requests_on_a_connection(self):
        with self.runner.connect() as client:
            for number in range(1, 1001):
                client.send(head(params("/hello"), number, keep=True) + record(STDIN, b"", number))
                self.assertEqual(b"hello\n", client.answer(number).body)

    def test_serves_requests_that_were_sent_before_the_last_was_answered(self):
        with self.runner.connect() as client:
            one = head(params("/hello"), keep=True) + record(STDIN)
            client.send(one * 50)
            for _ in range(50):
                self.assertEqual(b"hello\n", client.answer().body)

    def test_loses_no_answer_to_a_body_that_nobody_reads(self):
        for keep in False, True:
            with self.subTest(keep=keep), self.runner.connect() as client:
                client.send(head(params("/hello", "POST", 5_000_000), keep=keep))
                self.assertEqual(b"hello\n", client.answer().body)
                client.send(stream(STDIN, bytes(5_000_000)) + record(STDIN))
                if keep:
                    client.send(head(params("/hello"), 2) + record(STDIN, b"", 2))
                    self.assertEqual(b"hello\n", client.answer(2).body)
                self.assertTrue(client.at_end())

    def test_logs_nothing_about_a_front_end_that_goes_away(self):
        body = stream(STDIN, bytes(100_000))
        before = self.runner.log
        for request in (
            begin(),
            head(params("/digest", "POST", 200_000)) + body,
            head(params("/digest", "POST")) + body + record(STDIN)[:3],
            head(params("/endless")) + record(STDIN),
            head(params("/endless", "POST", 200_000)) + body,
        ):
            with self.subTest(request=request[16:60]):
                with self.runner.connect() as client:
                    client.send(request)
                    if b"/endless" in request:
                        client.record()
                self.assertEqual("200 OK", self.ask("/hello").status)
        self.assertEqual(before, self.runner.log)

    def test_closes_an_answer_that_nobody_reads_any_more(self):
        before = self.runner.log.count("closed\n")
        with self.runner.connect() as client:
            client.send(head(params("/closing_endless")) + record(STDIN))
            client.record()
        eventually(lambda: self.runner.log.count("closed\n") == before + 1)

    def test_answers_a_front_end_that_has_closed_its_half(self):
        with self.runner.connect() as client:
            client.send(head(params("/written")) + record(STDIN))
            client.socket.shutdown(1)
            self.assertEqual(b"first second third", client.answer().body)

    def test_ends_a_request_that_is_aborted(self):
        for abort_after, path in ("params", "/hello"), ("reading", "/digest"), ("answering", "/endless"):
            with self.subTest(abort_after), self.runner.connect() as client:
                if abort_after == "params":
                    client.send(begin(keep=True) + stream(PARAMS, pairs(params(path))))
                elif abort_after == "reading":
                    client.send(head(params(path, "POST", 10), keep=True) + stream(STDIN, b"abc"))
                else:
                    client.send(head(params(path), keep=True) + record(STDIN))
                    client.record()
                client.send(record(ABORT_REQUEST))
                client.answer()
                client.send(head(params("/hello")) + record(STDIN))
                self.assertEqual(b"hello\n", client.answer().body)

    def test_never_passes_the_proxy_header_that_http_clients_take_for_a_variable(self):
        self.assertNotIn("HTTP_PROXY", self.environ("/show", HTTP_PROXY="evil:80"))

    def test_names_type_and_length_of_the_body_only_once(self):
        environ = self.environ("/show", HTTP_CONTENT_TYPE="a/b", HTTP_CONTENT_LENGTH="0", CONTENT_TYPE="a/b")
        self.assertEqual("a/b", environ["CONTENT_TYPE"])
        self.assertNotIn("HTTP_CONTENT_TYPE", environ)
        self.assertNotIn("HTTP_CONTENT_LENGTH", environ)

    def test_joins_equal_header_params_and_takes_the_last_of_others(self):
        twice = [("HTTP_X", "1"), ("HTTP_X", "2"), ("HTTP_COOKIE", "a=1"), ("HTTP_COOKIE", "b=2"), ("OTHER", "1")]
        with self.runner.connect() as client:
            client.send(head(params("/show") + twice + [("OTHER", "2")]) + record(STDIN))
            lines = client.answer().body.decode().splitlines()
        for line in "HTTP_X=1, 2", "HTTP_COOKIE=a=1; b=2", "OTHER=2":
            self.assertIn(line, lines)

    def test_tells_the_scheme(self):
        for more, scheme in (
            ({}, "http"),
            ({"HTTPS": "on"}, "https"),
            ({"HTTPS": "On"}, "https"),
            ({"HTTPS": "1"}, "https"),
            ({"HTTPS": "off"}, "http"),
            ({"HTTPS": ""}, "http"),
            ({"REQUEST_SCHEME": "https"}, "https"),
        ):
            with self.subTest(more=more):
                self.assertEqual(scheme, self.environ("/show", **more)["wsgi.url_scheme"])

    def test_says_what_kind_of_server_it_is(self):
        environ = self.environ("/show")
        expected = {"version": "(1, 0)", "multithread": "False", "multiprocess": "True", "run_once": "False"}
        expected["input_terminated"] = "True"
        self.assertEqual(expected, {name: environ["wsgi." + name] for name in expected})

    def test_fills_in_what_the_interface_demands(self):
        with self.runner.connect() as client:
            client.send(head([("PATH_INFO", "/show")]) + record(STDIN))
            lines = client.answer().body.decode().splitlines()
        for line in "REQUEST_METHOD=GET", "SCRIPT_NAME=", "QUERY_STRING=", "SERVER_NAME=localhost", "SERVER_PORT=80":
            self.assertIn(line, lines)

    def test_moves_a_whole_path_from_script_name_to_path_info(self):
        environ = self.environ("/show/")
        self.assertEqual(("", "/show/"), (environ["SCRIPT_NAME"], environ["PATH_INFO"]))

    def test_takes_an_explicit_path_info_as_it_is(self):
        for name in "/app", "":
            environ = self.environ(name, PATH_INFO="/show")
            self.assertEqual((name, "/show"), (environ["SCRIPT_NAME"], environ["PATH_INFO"]))

    def test_takes_a_root_for_no_mount(self):
        environ = self.environ("/", PATH_INFO="/show")
        self.assertEqual(("", "/show"), (environ["SCRIPT_NAME"], environ["PATH_INFO"]))

    def test_splits_the_path_where_the_front_end_says_the_application_is_mounted(self):
        for mount in "/app", "/app/":
            environ = self.environ("/app/show", WSGI_SCRIPT_NAME=mount)
            self.assertEqual(("/app", "/show"), (environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        environ = self.environ("/show", WSGI_SCRIPT_NAME="/sho")
        self.assertEqual(("", "/show"), (environ["SCRIPT_NAME"], environ["PATH_INFO"]))

    def test_gives_a_program_that_it_starts_no_listening_socket(self):
        self.assertEqual(b"''\n", self.ask("/program").body)

    def test_looks_like_a_program_of_its_own_to_the_application(self):
        here = str(HERE)
        self.assertEqual(repr((["wsgi"], here, False, here)), self.ask("/surroundings").body.decode())

    def test_lets_an_application_show_its_stack(self):
        self.assertIn(b"in stack", self.ask("/stack").body)


class ValidatedTest(EveryApplication, Requests):
    """With wsgiref's validator between runner and application."""

    @classmethod
    def tearDownClass(cls):
        assert "without being closed" not in cls.runner.log, cls.runner.log


class BareTest(EveryApplication, Requests):
    """Without it, so that lists are lists."""

    APP = "applications:bare"

    def test_adds_the_length_of_a_body_that_is_all_there(self):
        self.assertEqual(["6"], self.ask("/hello").all("Content-Length"))
        self.assertEqual(["6"], self.ask("/hello", method="HEAD").all("Content-Length"))
        self.assertEqual(["5120000"], self.ask("/big").all("Content-Length"))
        self.assertEqual([], self.ask("/closing").all("Content-Length"))
        self.assertEqual([], self.ask("/nothing").all("Content-Length"))
        self.assertEqual([], self.ask("/empty", method="HEAD").all("Content-Length"))

    def test_reads_all_of_a_body_at_once(self):
        self.assertEqual(b"5000000", self.ask("/all_of_it", method="POST", body=bytes(5_000_000)).body)

    def test_passes_paths_as_the_bytes_they_are(self):
        path = "/show/\u00e4\u20ac".encode().decode("latin-1")
        with self.runner.connect() as client:
            client.send(head(params("/mount", PATH_INFO="/show", WITH_BYTES=path)) + record(STDIN))
            self.assertIn("WITH_BYTES=/show/\u00e4\u20ac\n".encode(), client.answer().body)
