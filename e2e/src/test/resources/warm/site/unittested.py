#!/usr/bin/python3
import sys
import unittest


class Test(unittest.TestCase):
    def test_one(self):
        self.assertEqual(1, 1)

    def test_two(self):
        self.fail("as it should")


print("Content-Type: text/plain\n", flush=True)
suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
outcome = unittest.TestResult()
suite.run(outcome)
print(outcome.testsRun, [str(test) for test, _ in outcome.failures], outcome.failures[0][1])
unittest.main(argv=["./x", "Test.test_one"], exit=True)
