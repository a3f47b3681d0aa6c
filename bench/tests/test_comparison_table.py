"""From the generator's JSON lines to the tables and the goals."""

import json
import unittest

from measure import comparison_table, floor, goals, sample
from measure.comparison import Memory, Outcome
from measure.tools import STATIC_C

_NAMES = [floor.NAME, "cgi-fpm", "fcgiwrap"]


def _line(rps, errors=0, timeouts=0, requests=None, first_error=""):
    return json.dumps(
        {
            "requests": rps * 3 if requests is None else requests,
            "errors": errors,
            "timeouts": timeouts,
            "retries": 0,
            "seconds": 3.0,
            "rps": rps,
            "p50_us": 500,
            "p90_us": 700,
            "p99_us": 2000,
            "max_us": 9000,
            "first_error": first_error,
        }
    )


def _outcome(**lines):
    outcome = Outcome()
    names = {"bare": floor.NAME, "ours": "cgi-fpm", "theirs": "fcgiwrap"}
    for key, texts in lines.items():
        for text in texts:
            outcome.add(STATIC_C, 4, names[key], sample.parse(text, 1.5))
    return outcome


def _render(outcome):
    return comparison_table.render(outcome, [STATIC_C], [4], _NAMES)


class ComparisonTableTest(unittest.TestCase):
    def test_cpu_time_is_shared_out_among_the_good_answers(self):
        self.assertEqual(0.5, sample.parse(_line(1000), 1.5).cpu_ms)
        self.assertIsNone(sample.parse(_line(0), 1.5).cpu_ms)

    def test_a_row_holds_medians_and_ratios_of_the_rounds(self):
        outcome = _outcome(
            bare=[_line(2000), _line(4000), _line(2000)],
            ours=[_line(1200), _line(2400), _line(1300)],
            theirs=[_line(1000), _line(2000), _line(1000)],
        )

        self.assertIn(
            "| 4 | cgi-fpm | 1,300 | 92% | 1.20 (1.20–1.30) | 0.60 (0.60–0.65) | 0.50 | 2.00 | 0.38 | 0 |",
            _render(outcome),
        )

    def test_the_summary_is_to_fcgiwrap_and_to_the_floor(self):
        text = _render(_outcome(bare=[_line(2000)], ours=[_line(1200)], theirs=[_line(1000)]))

        self.assertIn("|  | static C hello, 4 |\n| --- | ---: |\n| bare posix_spawn | 2.00 |\n| cgi-fpm | 1.20 |", text)
        self.assertIn("| bare posix_spawn | 1.00 |\n| cgi-fpm | 0.60 |\n| fcgiwrap | 0.50 |", text)

    def test_a_peer_that_never_answers_is_named_as_hanging_with_its_first_error(self):
        text = _render(
            _outcome(
                bare=[_line(2000)],
                ours=[_line(1200)],
                theirs=[_line(0, errors=4, timeouts=4, first_error="no whole answer in 10.0 s")],
            )
        )

        self.assertIn("| fcgiwrap | HANGS |", text)
        self.assertIn("| 4 | fcgiwrap | HANGS | – |", text)
        self.assertIn("- fcgiwrap, c, 4 connections, 1 of 1 rounds: `no whole answer in 10.0 s`", text)

    def test_a_peer_that_cannot_start_fails_and_is_not_left_out(self):
        outcome = _outcome(bare=[_line(2000)], ours=[_line(1200)])
        outcome.add(STATIC_C, 4, "fcgiwrap", sample.failure("not there: fcgiwrap"))

        text = _render(outcome)

        self.assertIn("| 4 | fcgiwrap | FAILS |", text)
        self.assertIn("`not there: fcgiwrap`", text)
        self.assertTrue(outcome.failed())

    def test_some_errors_are_counted_beside_the_figures(self):
        text = _render(
            _outcome(
                bare=[_line(2000)], ours=[_line(1200, errors=3, timeouts=1, first_error="cut")], theirs=[_line(1000)]
            )
        )

        self.assertIn("| cgi-fpm | 1.20 (3 of 3,603 failed, 1 timed out) |", text)

    def test_cpu_time_that_may_be_incomplete_is_marked(self):
        outcome = _outcome(bare=[_line(2000)], ours=[_line(1000)], theirs=[_line(1000)])
        outcome.inexact.add("fcgiwrap")

        text = _render(outcome)

        self.assertIn("| ≥ 0.50 | 0 |", text)
        self.assertEqual(1, text.count("≥"))

    def test_memory_is_written_in_megabytes(self):
        outcome = _outcome(bare=[_line(1)], ours=[_line(1)], theirs=[_line(1)])
        outcome.memory["cgi-fpm"] = Memory(processes=1, started=70 << 20, loaded=80 << 20)

        self.assertIn("| cgi-fpm | 1 | 70.0 | 80.0 |", _render(outcome))


class GoalsTest(unittest.TestCase):
    def test_a_goal_is_judged_by_the_worst_number_of_connections(self):
        outcome = _outcome(bare=[_line(2000)], ours=[_line(1200)], theirs=[_line(1000)])
        for name, rps in ((floor.NAME, 2000), ("cgi-fpm", 1100), ("fcgiwrap", 1000)):
            outcome.add(STATIC_C, 64, name, sample.parse(_line(rps), 1.0))

        text = goals.render(goals.of_comparison(outcome, [4, 64]))

        self.assertIn("| static C hello: at least 1.15 of fcgiwrap's rate | 1.10 | **no** |", text)
        self.assertIn("| static C hello: p99 at 64 connections not above fcgiwrap's 2.00 ms | 2.00 ms | yes |", text)
        self.assertIn("| sh hello: at least 1.15 of fcgiwrap's rate | – | not measured |", text)

    def test_a_goal_is_not_met_by_leaving_out_a_number_of_connections(self):
        outcome = _outcome(bare=[_line(2000)], ours=[_line(1900)], theirs=[_line(1000)])

        self.assertIsNone(goals.of_comparison(outcome, [1, 4])[0].met)


if __name__ == "__main__":
    unittest.main()
