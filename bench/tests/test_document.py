"""Sections of docs/benchmarks.md are replaced one at a time."""

import unittest

from measure.document import with_section


class DocumentTest(unittest.TestCase):
    def test_a_new_document_has_a_title_and_the_section(self):
        text = with_section("", "memory", "flat")

        self.assertTrue(text.startswith("# Benchmarks\n"))
        self.assertIn("<!-- memory: begin -->\n## Memory\n\nflat\n<!-- memory: end -->\n", text)

    def test_a_section_replaces_itself_and_nothing_else(self):
        text = with_section(with_section("", "memory", "old") + "\nWritten by hand.\n", "memory", "new")

        self.assertIn("new", text)
        self.assertNotIn("old", text)
        self.assertTrue(text.endswith("\nWritten by hand.\n"))

    def test_sections_stand_in_their_order_whatever_was_measured_first(self):
        text = ""
        for section in ("start", "peers", "memory"):
            text = with_section(text, section, "x")

        places = [text.index(f"## {title}\n") for title in ("Side by side", "Memory", "Start")]
        self.assertEqual(sorted(places), places)

    def test_a_new_section_stands_behind_the_one_before_it_and_not_behind_what_was_written_by_hand(self):
        text = with_section(with_section("", "start", "a") + "\n## By hand\n", "relay", "b")

        self.assertLess(text.index("<!-- start: end -->"), text.index("<!-- relay: begin -->"))
        self.assertLess(text.index("<!-- relay: end -->"), text.index("## By hand"))

    def test_writing_the_same_again_changes_nothing(self):
        once = with_section(with_section("", "idle", "a"), "peers", "b")

        self.assertEqual(once, with_section(with_section(once, "idle", "a"), "peers", "b"))


if __name__ == "__main__":
    unittest.main()
