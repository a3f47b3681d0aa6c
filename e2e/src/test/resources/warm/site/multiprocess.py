#!/usr/bin/python3
import multiprocessing
import os
import sys


class Point:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return "Point(%d)" % self.x


def work(queue, point):
    queue.put((point, __name__, multiprocessing.current_process().name, multiprocessing.parent_process().name))


def double(point):
    return Point(point.x * 2)


if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    method = os.environ["QUERY_STRING"]
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=work, args=(queue, Point(4)))
    process.start()
    print(queue.get(timeout=30))
    process.join()
    print(process.exitcode, multiprocessing.current_process().name)
    with context.Pool(2) as pool:
        print(pool.map(double, [Point(1), Point(2)]))
    failing = context.Process(target=sys.exit, args=(3,))
    failing.start()
    failing.join()
    print(failing.exitcode, failing.name)
