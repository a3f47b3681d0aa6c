"""Medians, ratios and Markdown tables."""

import unittest

from measure import figures


class FiguresTest(unittest.TestCase):
    def test_spread_is_the_range_as_a_share_of_the_median(self):
        self.assertAlmostEqual(0.2, figures.spread([90, 100, 110]))
        self.assertEqual(0.0, figures.spread([5]))
        self.assertEqual(0.0, figures.spread([0, 0]))

    def test_ratios_are_taken_within_each_round(self):
        # The machine was half as fast in the second round, for both.
        self.assertEqual([2.0, 2.0], figures.paired_ratios([200, 100], [100, 50]))

    def test_a_round_without_a_figure_gives_no_ratio(self):
        self.assertEqual([2.0], figures.paired_ratios([None, 100, 3], [100, 50, None]))
        self.assertEqual([2.0], figures.paired_ratios([1, 100], [0, 50]))

    def test_a_ratio_shows_its_range(self):
        self.assertEqual("1.20 (1.10–1.30)", figures.ratio([1.3, 1.1, 1.2]))
        self.assertEqual("1.20", figures.ratio([1.2]))
        self.assertEqual("–", figures.ratio([]))

    def test_numbers_have_three_digits_that_mean_something(self):
        self.assertEqual(["0.12", "9.87", "56.7", "1,234"], [figures.number(n) for n in (0.123, 9.87, 56.71, 1234.4)])

    def test_a_table_escapes_bars_and_aligns_numbers_to_the_right(self):
        self.assertEqual(
            "| name | n |\n| --- | ---: |\n| a\\|b | 1 |\n",
            figures.table(["name", "n"], [["a|b", "1"]]),
        )


if __name__ == "__main__":
    unittest.main()
