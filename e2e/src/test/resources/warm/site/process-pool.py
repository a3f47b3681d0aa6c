#!/usr/bin/python3
import concurrent.futures
import multiprocessing


def square(n):
    return n * n


if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        print(list(pool.map(square, range(6))))
