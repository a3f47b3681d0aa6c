"""What was measured behind nginx: the tables, the goals, and nginx's configuration."""

import tempfile
import unittest
from pathlib import Path

from measure import fronted_table, relay
from measure.fronted import EACH, KEPT, Fronted
from measure.sample import Sample, failure
from peers import nginx, workers
from peers.nginx import Route
from peers.peer import Place

_RELAYED = relay.C_PEERS[1].name
_OPEN = relay.C_PEERS[2].name
_FCGID = relay.C_PEERS[3].name
_NAMES = [peer.name for peer in relay.C_PEERS]


def _sample(rps, p99_ms=2.0, errors=0):
    return Sample(
        requests=rps * 3,
        errors=errors,
        timeouts=0,
        rps=rps,
        p50_us=500,
        p99_us=p99_ms * 1000,
        first_error="cut" if errors else "",
        cpu_ms=0.02,
        max_us=9000,
    )


def _seen(**rates):
    seen = Fronted()
    names = {"direct": relay.DIRECT, "relayed": _RELAYED, "opened": _OPEN, "fcgid": _FCGID}
    for key, values in rates.items():
        for mode in (EACH,) if key == "fcgid" else (EACH, KEPT):
            for value in values:
                seen.add(mode, 4, names[key], _sample(value))
    return seen


def _met(seen):
    return {goal.text: goal.met for goal in relay.goals(seen, [4])}


class TableTest(unittest.TestCase):
    def test_a_row_holds_medians_and_ratios_within_the_rounds(self):
        text = fronted_table.render("C", _seen(direct=[1000, 2000], relayed=[700, 1400]), [4], _NAMES, relay.DIRECT)

        self.assertIn(f"| {_RELAYED} | 0.70 | 0.70 |", text)
        self.assertIn(f"| 4 | {_RELAYED} | 1,050 | 67% | 0.70 (0.70–0.70) | 0.50 | 2.00 | 9.00 | 0.020 | 0 |", text)

    def test_a_mode_that_a_way_does_not_have_is_a_dash_and_no_failure(self):
        seen = _seen(direct=[1000], fcgid=[500])

        self.assertIn(f"| {_FCGID} | 0.50 | – |", fronted_table.render("C", seen, [4], _NAMES, relay.DIRECT))
        self.assertFalse(seen.failed())

    def test_what_failed_is_named_with_its_reason(self):
        seen = _seen(direct=[1000])
        seen.add(EACH, 4, _FCGID, failure("not there: libapache2-mod-fcgid"))

        text = fronted_table.render("C", seen, [4], _NAMES, relay.DIRECT)

        self.assertIn(f"| {_FCGID} | FAILS | – |", text)
        self.assertIn("1 of 1 rounds: `not there: libapache2-mod-fcgid`", text)
        self.assertTrue(seen.failed())


class GoalsTest(unittest.TestCase):
    def test_each_way_is_held_to_its_share_of_a_direct_connection(self):
        met = _met(_seen(direct=[1000], relayed=[600], opened=[899], fcgid=[500]))

        self.assertEqual([True, True], [value for text, value in met.items() if "at least 0.6" in text])
        self.assertEqual([False, False], [value for text, value in met.items() if "at least 0.9" in text])
        self.assertEqual([True], [value for text, value in met.items() if "above Apache" in text])

    def test_a_goal_is_not_met_by_a_peer_that_did_not_run(self):
        met = _met(_seen(direct=[1000], relayed=[600]))

        self.assertEqual([None], [value for text, value in met.items() if "above Apache" in text])

    def test_the_slowest_hundredth_may_take_twice_as_long(self):
        for p99, expected in ((4.0, True), (4.1, False)):
            seen = _seen(direct=[1000])
            seen.add(EACH, 4, _RELAYED, _sample(900, p99_ms=p99))
            self.assertEqual([expected], [value for text, value in _met(seen).items() if f"{EACH}: p99" in text])


class ConfigurationTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._place = Place(Path(folder.name), Path(folder.name) / "cgi-bin")

    def test_nginx_keeps_no_more_connections_than_there_are_processes_that_they_would_hold(self):
        routes = [Route(1, "/s/a", kept=True, pinned=True), Route(2, "/s/b", kept=True, pinned=False)]
        nginx.peer(routes).launch(self._place)

        text = (self._place.directory / "nginx.conf").read_text(encoding="utf-8")
        self.assertIn("server unix:/s/a; keepalive 2; keepalive_requests 100;", text)
        self.assertIn("server unix:/s/b; keepalive 64; }", text)

    def test_nginx_asks_for_kept_connections_only_where_it_keeps_them(self):
        nginx.peer([Route(1, "/s/a", kept=False, pinned=True)]).launch(self._place)

        text = (self._place.directory / "nginx.conf").read_text(encoding="utf-8")
        self.assertIn("fastcgi_pass unix:/s/a;", text)
        self.assertNotIn("fastcgi_keep_conn", text)

    def test_each_pool_has_a_socket_of_its_own_and_its_tables_behind_its_keys(self):
        pools = {"a": workers.ondemand(self._place), "bench": workers.wsgi_relay(self._place)}
        path, sockets = workers.configure(self._place, pools)

        text = path.read_text(encoding="utf-8")
        self.assertEqual(2, len(set(sockets)))
        self.assertLess(text.index("[pool.bench]"), text.index("[pool.bench.python]"))


if __name__ == "__main__":
    unittest.main()
