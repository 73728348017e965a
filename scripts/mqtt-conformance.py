"""Runs one suite of Eclipse Paho's interoperability tests: FOLDER MODULE PORT. Each test has so many seconds."""

import importlib
import signal
import sys
import unittest

SECONDS = 60

folder, name, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, folder)
sys.argv = [name]
suite = importlib.import_module(name)

prefix = name + "/"
suite.host = "localhost"
suite.port = port
suite.topic_prefix = prefix
suite.topics = [prefix + each for each in ("TopicA", "TopicA/B", "Topic/C", "TopicA/C", "/TopicA")]
suite.wildtopics = [prefix + each for each in ("TopicA/+", "+/C", "#", "/#", "/+", "+/+", "TopicA/#")]
suite.nosubscribe_topics = ("test/nosubscribe",)


def out_of_time(number, frame):
    raise TimeoutError("the test took more than %d seconds" % SECONDS)


class Result(unittest.TextTestResult):
    def startTest(self, test):
        signal.alarm(SECONDS)
        super().startTest(test)

    def stopTest(self, test):
        signal.alarm(0)
        super().stopTest(test)


signal.signal(signal.SIGALRM, out_of_time)
tests = unittest.defaultTestLoader.loadTestsFromModule(suite)
result = unittest.TextTestRunner(resultclass=Result, verbosity=2).run(tests)
failed = len(result.failures) + len(result.errors)
print("%s: %d of %d passed" % (name, result.testsRun - failed, result.testsRun))
sys.exit(0 if failed == 0 and result.testsRun > 0 else 1)
