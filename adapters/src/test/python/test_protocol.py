"""What FastCGI asks of an application beside requests, and what it does with peers that do not speak it."""

import random
import unittest

from fastcgi import (
    AUTHORIZER,
    BEGIN_REQUEST,
    END_REQUEST,
    FILTER,
    GET_VALUES,
    GET_VALUES_RESULT,
    PARAMS,
    STDIN,
    STDOUT,
    UNKNOWN_TYPE,
    begin,
    head,
    pairs,
    record,
    stream,
)
from runner import Runner, eventually, params

HELLO = head(params("/hello")) + record(STDIN)


class ProtocolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = Runner("applications:application")
        cls.addClassCleanup(cls.runner.__exit__)

    def connect(self):
        """A connection, for which the runner has just this one thread."""
        client = self.runner.connect()
        self.addCleanup(client.close)
        return client

    def test_tells_its_limits(self):
        client = self.connect()
        names = ["FCGI_MPXS_CONNS", "FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_OTHER"]
        client.send(record(GET_VALUES, pairs((name, "") for name in names), 0))
        expected = pairs([("FCGI_MPXS_CONNS", "0"), ("FCGI_MAX_CONNS", "1"), ("FCGI_MAX_REQS", "1")])
        self.assertEqual((GET_VALUES_RESULT, 0, expected), client.record())
        client.send(HELLO)
        self.assertEqual(b"hello\n", client.answer().body)

    def test_names_a_management_record_that_it_does_not_know(self):
        client = self.connect()
        client.send(record(77, b"abc", 0, padding=5))
        self.assertEqual((UNKNOWN_TYPE, 0, bytes([77, 0, 0, 0, 0, 0, 0, 0])), client.record())
        client.send(HELLO)
        self.assertEqual(b"hello\n", client.answer().body)

    def test_answers_management_records_within_a_request(self):
        for at in "params", "body":
            with self.subTest(at), self.runner.connect() as client:
                client.send(begin())
                if at == "body":
                    client.send(stream(PARAMS, pairs(params("/digest", "POST", 3))) + record(PARAMS))
                client.send(record(GET_VALUES, pairs([("FCGI_MAX_REQS", "")]), 0))
                self.assertEqual(GET_VALUES_RESULT, client.record()[0])
                if at == "params":
                    client.send(stream(PARAMS, pairs(params("/digest", "POST", 3))) + record(PARAMS))
                client.send(stream(STDIN, b"abc") + record(STDIN))
                self.assertTrue(client.answer().body.startswith(b"3 "))

    def test_answers_management_records_while_it_sends(self):
        client = self.connect()
        client.send(head(params("/endless")) + record(STDIN) + record(GET_VALUES, b"", 0))
        while client.record()[0] == STDOUT:
            pass

    def test_refuses_other_roles(self):
        for role in AUTHORIZER, FILTER, 0, 513:
            with self.subTest(role=role), self.runner.connect() as client:
                client.send(begin(7, role, keep=True) + record(PARAMS, b"", 7) + record(STDIN, b"", 7))
                self.assertEqual((END_REQUEST, 7, bytes([0, 0, 0, 0, 3, 0, 0, 0])), client.record())
                client.send(HELLO)
                self.assertEqual(b"hello\n", client.answer().body)

    def test_closes_after_a_refused_role_if_the_connection_is_not_kept(self):
        client = self.connect()
        client.send(begin(7, FILTER) + record(PARAMS, b"", 7) + record(STDIN, b"", 7))
        self.assertEqual(END_REQUEST, client.record()[0])
        self.assertTrue(client.at_end())

    def test_refuses_a_second_request_while_one_is_served(self):
        client = self.connect()
        client.send(head(params("/digest", "POST", 3)) + stream(STDIN, b"ab"))
        client.send(head(params("/hello"), 2) + record(STDIN, b"", 2) + stream(STDIN, b"c") + record(STDIN))
        self.assertEqual((END_REQUEST, 2, bytes([0, 0, 0, 0, 1, 0, 0, 0])), client.record())
        self.assertTrue(client.answer().body.startswith(b"3 "))

    def test_ignores_records_of_requests_that_are_none(self):
        client = self.connect()
        client.send(record(STDIN, b"x", 9) + record(PARAMS, b"y", 9) + HELLO)
        self.assertEqual(b"hello\n", client.answer().body)

    def test_ends_only_the_connection_that_is_broken(self):
        broken = {
            "another version": record(BEGIN_REQUEST, bytes(8), version=2),
            "http": b"GET / HTTP/1.1\r\n\r\n",
            "a short begin": record(BEGIN_REQUEST, b"\0\1\0"),
            "an application's own record": record(STDOUT, b"x"),
            "an unknown type": record(99, b"x"),
            "the same request twice": begin() + begin(),
            "a body before the params": begin() + record(STDIN, b"x"),
            "a pair without its value": begin() + record(PARAMS, b"\5\5hello") + record(PARAMS),
            "a pair without its lengths": begin() + record(PARAMS, b"\x80") + record(PARAMS),
            "half a length": begin() + record(PARAMS, b"\5\x80\0") + record(PARAMS),
            "a huge pair": begin() + record(PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xffx") + record(PARAMS),
            "params without end": begin() + record(PARAMS, bytes(65535)) * 17,
            "a length that is none": head(params("/hello", "POST", "1e3")) + record(STDIN),
            "a length below zero": head(params("/hello", "POST", "-1")) + record(STDIN),
            "another version in the body": head(params("/digest", "POST", 9)) + record(STDIN, version=3),
        }
        for name, request in broken.items():
            with self.subTest(name), self.runner.connect() as client:
                lines = self.runner.log.count("\n")
                client.send(request)
                self.assertTrue(client.at_end())
                eventually(lambda: self.runner.log.count("\n") == lines + 1)
                self.assertRegex(self.runner.log, r"wsgi: a connection is closed: [^\n]+\n\Z")
                self.assertEqual("200 OK", self.runner.ask("/hello").status)

    def test_survives_random_bytes(self):
        seed = random.randrange(1 << 32)
        source = random.Random(seed)
        whole = head(params("/digest", "POST", 100), keep=True) + stream(STDIN, bytes(100), size=30) + record(STDIN)
        for _ in range(300):
            request = bytearray(whole)
            for _ in range(source.randrange(1, 6)):
                request[source.randrange(len(request))] = source.randrange(256)
            with self.runner.connect() as client:
                client.send(request)
                client.socket.shutdown(1)
                while not client.at_end():
                    pass
        self.assertEqual("200 OK", self.runner.ask("/hello").status, "seed %d" % seed)
        self.assertNotIn("Traceback", self.runner.log, "seed %d" % seed)
