"""The bare fork: it runs the script and notices what is wrong with its answer."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from measure.floor import PRELOAD

_BENCH = Path(__file__).resolve().parents[1]
_SCRIPT = """\
import os, sys
print("Content-Type: text/plain\\n")
print(os.environ.get("WORD"), sys.stdin.read(), __name__)
"""


class ForkFloorTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._folder = Path(folder.name)

    def _floor(self, script, body, *more, status=0):
        (self._folder / "script.py").write_text(script, encoding="utf-8")
        (self._folder / "body").write_text(body, encoding="utf-8")
        (self._folder / "input").write_text("given", encoding="utf-8")
        command = [
            sys.executable,
            str(_BENCH / "fork_floor.py"),
            "--seconds=0.2",
            f"--body={self._folder / 'body'}",
            f"--input={self._folder / 'input'}",
            "--param=WORD=a=b",
            *more,
            str(self._folder / "script.py"),
        ]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False, text=True)
        self.assertEqual(status, done.returncode, done.stderr)
        return json.loads(done.stdout)

    def test_runs_the_script_as_main_with_its_variables_and_its_input(self):
        seen = self._floor(_SCRIPT, "a=b given __main__\n")

        self.assertEqual((0, ""), (seen["errors"], seen["first_error"]))
        self.assertGreater(seen["requests"], 5)
        self.assertTrue(0 < seen["p50_us"] <= seen["p99_us"] <= seen["max_us"])

    def test_counts_what_all_its_processes_did(self):
        alone = self._floor(_SCRIPT, "a=b given __main__\n", "--processes=2")

        self.assertAlmostEqual(alone["requests"] / alone["seconds"], alone["rps"], delta=1)

    def test_notices_another_body(self):
        seen = self._floor(_SCRIPT, "something else\n", status=1)

        self.assertEqual(0, seen["requests"])
        self.assertIn("a=b given", seen["first_error"])

    def test_notices_a_script_that_fails(self):
        seen = self._floor("raise SystemExit(3)", "", status=1)

        self.assertIn("wait status 768", seen["first_error"])

    def test_a_bare_fork_runs_nothing(self):
        seen = self._floor("raise SystemExit(3)", "", "--bare")

        self.assertGreater(seen["requests"], 5)
        self.assertEqual(0, seen["errors"])

    def test_an_unknown_option_is_refused(self):
        command = [sys.executable, str(_BENCH / "fork_floor.py"), "--secs=1", "x"]
        done = subprocess.run(command, capture_output=True, timeout=30, check=False, text=True)

        self.assertEqual((1, "fork_floor: no such option: --secs=1\n"), (done.returncode, done.stderr))

    def test_its_interpreter_has_what_a_keeper_has_by_default(self):
        source = _BENCH.parent / "daemon/src/main/java/org/cgifpm/daemon/config/KeeperSettings.java"
        listed = source.read_text(encoding="utf-8").partition("DEFAULT_PRELOAD = List.of(")[2].partition(")")[0]

        self.assertEqual(re.findall(r'"([\w.]+)"', listed), list(PRELOAD))


if __name__ == "__main__":
    unittest.main()
