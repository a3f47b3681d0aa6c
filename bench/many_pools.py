#!/usr/bin/python3
"""Starts the daemon with many pools, and prints how long it takes to be ready, to reload one of them and to tell how it is.

    bench/many_pools.py [--pools 1000] [--requests 0] [--users]

With --requests, so many are spread over all pools, each over a connection of its own; every body is checked. With
--users (as root), each pool runs as another user number and through the chain that makes it so.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BODY = b"hello\n"


def pool(folder, number, users, extra=""):
    """One pool's table."""
    if users:
        user = f'user = "{users[number % len(users)]}"\ngroup = "nogroup"\nallowed_users = ["root"]\n'
    else:
        user = 'user = "root"\nallowed_users = ["root"]\n' if os.getuid() == 0 else ""
    return (
        f"[pool.p{number}]\nlisten = \"{folder}/p{number}.sock\"\nroot = \"{folder}/cgi-bin\"\nmode = \"exec\"\n"
        f"{user}{extra}"
    )


def configure(folder, pools, users, changed=None):
    """Writes the configuration, with a longer queue for one pool if asked."""
    with open(f"{folder}/cgi-fpm.toml", "w", encoding="ascii") as file:
        file.write(f'[daemon]\ncontrol = "{folder}/control.sock"\n')
        for number in range(pools):
            file.write(pool(folder, number, users, "queue_length = 65\n" if number == changed else ""))


def used(pid):
    """Seconds of processor time that the daemon has used: tells more than the clock where others work beside it."""
    with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(daemon, log, pattern, start, limit=120):
    """Seconds from start until the log has a line like that."""
    while time.monotonic() - start < limit and daemon.poll() is None:
        with open(log, encoding="utf-8", errors="replace") as file:
            if re.search(pattern, file.read()):
                return time.monotonic() - start
        time.sleep(0.005)
    with open(log, encoding="utf-8", errors="replace") as file:
        sys.exit(f"no {pattern!r} within {limit} s: {file.read()[-2000:]}")


def pair(name, value):
    """A FastCGI name-value pair."""
    def length(text):
        return bytes([len(text)]) if len(text) < 128 else struct.pack(">I", len(text) | 1 << 31)

    name, value = name.encode(), value.encode()
    return length(name) + length(value) + name + value


def record(kind, content):
    """A FastCGI record of request 1."""
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def ask(path, script):
    """The body of one answer."""
    params = pair("SCRIPT_FILENAME", script) + pair("REQUEST_METHOD", "GET") + pair("SCRIPT_NAME", "/hello")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(path)
        connection.sendall(record(1, b"\0\1\0\0\0\0\0\0") + record(4, params) + record(4, b"") + record(5, b""))
        data = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
    out = b""
    while len(data) >= 8:
        _, kind, _, length, padding = struct.unpack(">BBHHBx", data[:8])
        if kind == 6:
            out += data[8 : 8 + length]
        data = data[8 + length + padding :]
    return out.partition(b"\r\n\r\n")[2]


def spread(folder, pools, requests):
    """Asks all pools in turn from four threads; how many answers were wrong, and seconds."""
    wrong = []

    def work(first):
        for number in range(first, requests, 4):
            try:
                body = ask(f"{folder}/p{number % pools}.sock", f"{folder}/cgi-bin/hello")
            except OSError as error:
                body = str(error).encode()
            if body != BODY:
                wrong.append(body)

    start = time.monotonic()
    threads = [threading.Thread(target=work, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong, time.monotonic() - start


def main():
    """Prints a line for each step."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pools", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--users", action="store_true")
    parser.add_argument("--program", default=os.path.join(HERE, "..", "cgi-fpm"))
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="many")
    os.chmod(folder, 0o755)
    try:
        os.mkdir(f"{folder}/cgi-bin", 0o755)
        with open(f"{folder}/cgi-bin/hello", "w", encoding="ascii") as script:
            script.write("#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nhello\\n'\n")
        os.chmod(f"{folder}/cgi-bin/hello", 0o755)
        users = [str(30000 + number) for number in range(options.pools)] if options.users else []
        configure(folder, options.pools, users)
        log = f"{folder}/log"
        run(options, folder, log, users)
    finally:
        shutil.rmtree(folder)


def run(options, folder, log, users):
    """Starts the daemon, measures, ends it."""
    subprocess.run([options.program, "--version"], check=True, stdout=subprocess.DEVNULL)
    with open(log, "ab") as out:
        start = time.monotonic()
        daemon = subprocess.Popen([options.program, "run", "-c", f"{folder}/cgi-fpm.toml"], stdout=out, stderr=out)
    try:
        seconds = wait_for(daemon, log, f"{options.pools} pools ready", start)
        print(f"{options.pools} pools ready: {seconds:.2f} s, {used(daemon.pid):.2f} s of processor time")
        for turn in range(3):
            configure(folder, options.pools, users, turn)
            with open(log, "wb"):
                pass
            start = time.monotonic()
            before = used(daemon.pid)
            daemon.send_signal(signal.SIGHUP)
            seconds = wait_for(daemon, log, "reloaded: ", start)
            print(
                f"reload that changes {1 + (turn > 0)}: {seconds:.2f} s,"
                f" {used(daemon.pid) - before:.2f} s of processor time"
            )
        start = time.monotonic()
        status = subprocess.run(
            [options.program, "status", "--control", f"{folder}/control.sock"], stdout=subprocess.PIPE, check=False
        )
        print(f"status: {time.monotonic() - start:.2f} s, exit {status.returncode}, {len(status.stdout)} bytes")
        if options.requests:
            wrong, seconds = spread(folder, options.pools, options.requests)
            print(f"{options.requests} requests: {seconds:.1f} s, {len(wrong)} wrong {wrong[:3]}")
        with open(f"/proc/{daemon.pid}/status", encoding="ascii") as file:
            print(re.search("VmRSS.*", file.read())[0])
    finally:
        daemon.terminate()
        print(f"exit {daemon.wait(60)}")


if __name__ == "__main__":
    main()
