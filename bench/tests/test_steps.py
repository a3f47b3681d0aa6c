"""Plateau, rise and fall of a course, the goals made of them, and the plot."""

import unittest
from xml.etree import ElementTree

from measure import plot, steps
from measure.sample import Sample
from measure.steps import Course, Steps

_GOOD = Sample(requests=100, errors=0, timeouts=0, rps=10, p50_us=1, p99_us=1)


def _course(counts, begin=2.0, end=6.0):
    """A count for each second."""
    return Course([(float(second), count) for second, count in enumerate(counts)], begin, end, _GOOD)


def _steps(ours, theirs):
    seen = Steps()
    for policy in steps.POLICIES:
        seen.courses[policy, steps.OURS] = [ours]
        seen.courses[policy, steps.THEIRS] = [theirs]
    return seen


class CourseTest(unittest.TestCase):
    def test_the_plateau_is_that_of_the_second_half_of_the_load(self):
        self.assertEqual(50, _course([2, 2, 10, 30, 50, 52, 50, 20, 0]).plateau())

    def test_the_rise_ends_at_nine_tenths_of_the_plateau(self):
        self.assertEqual(2.0, _course([2, 2, 10, 44, 45, 50, 50, 20, 0]).rise())

    def test_the_fall_ends_when_the_count_stays_at_rest(self):
        course = _course([2, 2, 50, 50, 50, 50, 50, 20, 5, 7, 4, 5])

        self.assertEqual(4.0, course.fall(5))
        self.assertIsNone(course.fall(0))

    def test_a_server_that_was_never_above_rest_falls_at_once(self):
        self.assertEqual(0.0, _course([2, 2, 2, 2, 2, 2, 2, 2]).fall(5))


class GoalsTest(unittest.TestCase):
    def test_as_php_fpm_does_it_is_good(self):
        course = _course([0, 0, 50, 50, 50, 50, 50, 0])

        self.assertEqual({True}, {goal.met for goal in steps.goals(_steps(course, course))})

    def test_a_plateau_of_half_the_size_is_not(self):
        ours = _course([0, 0, 25, 25, 25, 25, 25, 0])
        theirs = _course([0, 0, 50, 50, 50, 50, 50, 0])

        self.assertFalse(steps.goals(_steps(ours, theirs))[0].met)

    def test_never_coming_to_rest_is_not(self):
        ours = _course([0, 0, 50, 50, 50, 50, 50, 50])
        theirs = _course([0, 0, 50, 50, 50, 50, 50, 0])

        rest = [goal.met for goal in steps.goals(_steps(ours, theirs)) if "rest" in goal.text]
        self.assertEqual([False, False], rest)

    def test_the_table_tells_what_was_never_reached(self):
        text = steps.render(_steps(_course([0, 0, 50, 50, 50, 50, 50, 50]), _course([0] * 8)), steps.Shape())

        self.assertIn("| ondemand | cgi-fpm | 50.0 | 0.0 | – | 100 | 0 |", text)


class PlotTest(unittest.TestCase):
    def test_it_is_xml_with_a_line_for_each_server_and_policy(self):
        made = steps.plots(_steps(_course([0, 0, 50, 0]), _course([0, 0, 40, 0])))

        self.assertEqual({"plots/steps-dynamic.svg", "plots/steps-ondemand.svg"}, set(made))
        for text in made.values():
            drawn = [node.get("fill") for node in ElementTree.fromstring(text).iter() if node.get("fill") == "none"]
            self.assertEqual(2, len(drawn))

    def test_names_are_escaped(self):
        text = plot.render("a < b", [plot.Line("x & y", [(0, 1), (1, 2)])], (0, 1), "load")

        self.assertIn("a &lt; b", text)
        self.assertIn("x &amp; y", text)

    def test_a_line_goes_across_before_it_goes_up(self):
        text = plot.render("t", [plot.Line("a", [(0, 0), (5, 0), (5, 10), (10, 10)])], (0, 1), "load")

        self.assertRegex(text, r'd="M56\.0 294\.0H448\.0V46\.0H840\.0"')


if __name__ == "__main__":
    unittest.main()
