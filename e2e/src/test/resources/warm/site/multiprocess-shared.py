#!/usr/bin/python3
import multiprocessing
from multiprocessing import shared_memory

if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    memory = shared_memory.SharedMemory(create=True, size=64)
    memory.buf[:5] = b"hello"
    other = shared_memory.SharedMemory(memory.name)
    print(bytes(other.buf[:5]))
    other.close()
    memory.close()
    memory.unlink()
    value = multiprocessing.Value("i", 3)
    lock = multiprocessing.Lock()

    def add():
        with lock:
            value.value += 1

    processes = [multiprocessing.get_context("fork").Process(target=add) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(value.value, multiprocessing.active_children())
