"""Warm Python: its goals, what is posted, and its figures of memory."""

import os
import unittest
from pathlib import Path

from measure import keepers, warm
from measure.comparison import Outcome
from measure.floor import BARE_FORK, FORK
from measure.keepers import Keepers, Owners
from measure.meter import Mapped, mapped
from measure.sample import Sample
from measure.tools import BOOK, FORM, POST, Tools
from peers.cgi_fpm import WARM
from peers.fcgiwrap import PEER as FCGIWRAP
from peers.peer import QUERY

_MB = 1 << 20


def _sample(rps, p50_us):
    return Sample(requests=int(rps * 3), errors=0, timeouts=0, rps=rps, p50_us=p50_us, p99_us=p50_us * 2)


def _outcome(times, latency):
    outcome = Outcome()
    for script in warm.SCRIPTS:
        for connections in (1, 4):
            outcome.add(script, connections, BARE_FORK, _sample(2000, 500))
            outcome.add(script, connections, FORK, _sample(1000, 1000))
            outcome.add(script, connections, WARM.name, _sample(50 * times, 1000 * latency))
            outcome.add(script, connections, FCGIWRAP.name, _sample(50, 20000))
    return outcome


class WarmTest(unittest.TestCase):
    def test_goals_are_met_or_not_one_by_one(self):
        met = [goal.met for goal in warm.goals(_outcome(times=15, latency=1.9))]
        self.assertEqual([True, False, True, False, True, True, True, True, True, True, True, True], met)

        self.assertEqual([False] * 4, [goal.met for goal in warm.goals(_outcome(times=15, latency=2.1))][8:])

    def test_what_was_not_measured_is_not_met(self):
        self.assertEqual({None}, {goal.met for goal in warm.goals(Outcome())})

    def test_ratios_are_to_fcgiwrap_and_to_the_fork(self):
        text = warm.render(_outcome(times=15, latency=1.5), [4])

        self.assertIn("### Warm: Requests per second, ratio to fork with the script run", text)
        self.assertIn("| connections | server | requests/s | spread | ÷ fcgiwrap | ÷ fork |", text)
        self.assertIn("| 4 | cgi-fpm warm | 750 | 0% | 15.00 | 0.75 | 1.50 | 3.00 |", text)


class RequestTest(unittest.TestCase):
    def test_a_form_is_posted_with_its_length_and_without_a_query(self):
        for peer in (WARM, FCGIWRAP):
            arguments = peer.request("/a.sock", Path("/cgi"), POST.file, POST.form())

            self.assertIn("REQUEST_METHOD=POST", arguments)
            self.assertIn("QUERY_STRING=", arguments)
            self.assertIn(f"CONTENT_LENGTH={len(QUERY)}", arguments)
            self.assertEqual(["--post", str(POST.form())], arguments[-2:])

    def test_the_form_that_is_posted_is_the_query(self):
        self.assertEqual(QUERY, POST.form().read_text(encoding="ascii"))

    def test_only_the_guest_book_is_told_where_it_lies(self):
        tools = Tools(Path("/load"), Path("/spawn"), Path("/run/cgi-bin"))

        self.assertEqual(["--param", "GUESTBOOK_DIR=/run/book"], tools.variables(BOOK))
        self.assertEqual([], tools.variables(FORM))


class KeepersTest(unittest.TestCase):
    def test_totals_are_proportional_memory(self):
        seen = Keepers(
            Mapped(20 * _MB, 15 * _MB, 14 * _MB),
            [Mapped(19 * _MB, 8 * _MB, 2 * _MB)],
            Owners([Mapped(20 * _MB, 9 * _MB, 8 * _MB)] * 3, 70 * _MB, 75 * _MB, 121.0),
        )

        text = keepers.render(seen)

        self.assertIn("| keeper with the default preload | 20.0 | 15.0 | 14.0 |", text)
        self.assertIn("3 owners' keepers, idle: 27.0 MB PSS together.", text)
        self.assertEqual([True, True, True], [goal.met for goal in keepers.goals(seen)])

    def test_each_goal_fails_by_itself(self):
        large = Mapped(0, 21 * _MB, 0)
        heavy = Mapped(0, 0, 4 * _MB)
        for seen, expected in (
            (Keepers(large, [Mapped()], Owners([], 0, 0, 1.0)), [False, True, True]),
            (Keepers(Mapped(), [heavy], Owners([], 0, 0, 1.0)), [True, False, True]),
            (Keepers(Mapped(), [Mapped()], Owners([], 0, 0, 126.0)), [True, True, False]),
        ):
            self.assertEqual(expected, [goal.met for goal in keepers.goals(seen)])

    def test_memory_of_a_process_is_read_and_of_one_that_is_gone_is_nothing(self):
        own = mapped(os.getpid())

        self.assertTrue(0 < own.private <= own.proportional <= own.resident)
        self.assertEqual(Mapped(), mapped(2**22 + 1))


if __name__ == "__main__":
    unittest.main()
