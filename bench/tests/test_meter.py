"""CPU time and processes are counted, whichever meter this user gets."""

import subprocess
import sys
import time
import unittest

from measure.meter import ProcMeter, open_meter, proportional_bytes, resident_bytes

#: A child burns time and is reaped by its parent, which then says so and stays.
_PARENT = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.3: pass"])
child = subprocess.Popen(["sleep", "60"])
print("done", flush=True)
sys.stdin.read()
child.kill()
child.wait()
"""


class MeterTest(unittest.TestCase):
    def _check(self, meter):
        command = meter.wrap([sys.executable, "-c", _PARENT])
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            meter.started(process.pid)
            self.assertEqual("done\n", process.stdout.readline())
            self.assertGreaterEqual(meter.cpu_seconds(), 0.25)
            self.assertLess(meter.cpu_seconds(), 20)
            pids = meter.pids()
            self.assertIn(process.pid, pids)
            self.assertEqual(2, len(pids))
            self.assertGreater(resident_bytes(process.pid), 1 << 20)
            self.assertGreater(proportional_bytes(pids), 0)
        finally:
            process.communicate(timeout=30)
        limit = time.monotonic() + 10
        while meter.pids() and time.monotonic() < limit:
            time.sleep(0.01)
        self.assertEqual([], meter.pids())
        meter.close()

    def test_the_process_tree_is_counted(self):
        self._check(ProcMeter())

    def test_the_best_meter_of_this_machine_counts_the_same(self):
        self._check(open_meter("test"))

    def test_a_process_that_is_gone_has_no_memory(self):
        process = subprocess.Popen(["true"])
        process.wait()

        self.assertEqual(0, resident_bytes(process.pid))
        self.assertEqual(0, proportional_bytes([process.pid]))


if __name__ == "__main__":
    unittest.main()
