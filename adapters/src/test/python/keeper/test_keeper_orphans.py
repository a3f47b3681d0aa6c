"""What a script leaves behind, on machines where nobody collects orphans."""

import ctypes
import os
import tempfile
import unittest
from pathlib import Path

from keeping import PYTHON, Keeper, Pipes

PR_SET_CHILD_SUBREAPER = 36
LEAVES = """\
import os, time
for last in (0, 1):
    if os.fork() == 0:
        os.setpgid(0, 0) if last == {alone} else None
        while not os.path.exists("go%d" % last):
            time.sleep(0.01)
        os._exit(0)
"""


class Orphans(unittest.TestCase):
    """They become children of these tests, which leave them uncollected for a while."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.subreaper(1)
        self.addCleanup(self.collect)

    @staticmethod
    def subreaper(wanted):
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, wanted, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")

    def collect(self):
        self.subreaper(0)
        for last in (0, 1):
            (self.root / ("go%d" % last)).touch()
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            pass

    def start(self, alone):
        script = self.root / "a.py"
        script.write_text("#!%s\n%s" % (PYTHON, LEAVES.format(alone=alone)))
        script.chmod(0o755)
        keeper = Keeper().ready()
        self.addCleanup(keeper.__exit__)
        with Pipes() as pipes:
            number = keeper.start(script, *pipes.theirs)
            keeper.until(lambda: number in keeper.answers and keeper.answers[number].status is not None)
        self.assertTrue(keeper.answers[number].left)
        return keeper, keeper.answers[number]

    def test_are_gone_when_all_are_zombies(self):
        keeper, answer = self.start(alone=-1)
        (self.root / "go0").touch()
        with self.assertRaises(AssertionError):
            keeper.line(0.3)
        self.assertFalse(answer.gone, "one of them lives")
        (self.root / "go1").touch()
        keeper.until(lambda: answer.gone)

    def test_are_not_waited_for_when_they_have_left_the_group(self):
        keeper, answer = self.start(alone=1)
        (self.root / "go0").touch()
        keeper.until(lambda: answer.gone)
        (self.root / "go1").touch()


if __name__ == "__main__":
    unittest.main()
