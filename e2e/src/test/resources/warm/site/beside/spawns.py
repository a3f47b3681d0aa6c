#!/usr/bin/python3
import multiprocessing

import local_module


def work(n):
    return n + 1, local_module.__name__, __name__


if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    pool = multiprocessing.get_context("spawn").Pool(1)
    print(pool.map(work, [1, 2]), flush=True)
    pool.close()
    pool.join()
