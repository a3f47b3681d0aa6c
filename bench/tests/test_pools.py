"""The figures of pools of which nothing runs."""

import unittest

from measure import pools
from measure.pools import Pools, Start


def _pools(listening=1.0, more_mb=10, loop=0):
    few = Start(0.5, 80 << 20, {"VM Thread": 3})
    many = Start(listening, (80 + more_mb) << 20, {"VM Thread": 3, **({"java": loop} if loop else {})})
    return Pools({1: [few], 500: [many]}, 10.0)


class PoolsTest(unittest.TestCase):
    def test_the_loop_is_told_apart_from_the_threads_of_the_jvm(self):
        text = pools.render(_pools(loop=4))

        self.assertIn("| 500 | 1 | 1.000 | 1.000 | 90.0 | 4 | 7 |", text)
        self.assertIn("Threads that woke up: VM Thread, java.", text)

    def test_each_goal_fails_by_itself(self):
        for seen, expected in (
            (_pools(), [True, True, True]),
            (_pools(listening=2.1), [False, True, True]),
            (_pools(more_mb=41), [True, False, True]),
            (_pools(loop=1), [True, True, False]),
        ):
            self.assertEqual(expected, [goal.met for goal in pools.goals(seen)])


if __name__ == "__main__":
    unittest.main()
