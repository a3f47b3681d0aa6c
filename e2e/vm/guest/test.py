"""What cgi-fpm does with control groups that a service manager has delegated to it; runs as root in the guest."""

import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import traceback

GROUP = pathlib.Path("/sys/fs/cgroup/system.slice/cgi-fpm.service")
SCRIPTS = pathlib.Path("/opt/test/scripts")
ACCESS_LOG = pathlib.Path("/var/log/cgi-fpm/small.log")
PATIENCE = 40


def say(text):
    print("VM:", text, flush=True)


def command(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


def lay_out():
    for user, uid in (("anna", 2001), ("bert", 2002)):
        command("useradd", "--uid", str(uid), "--user-group", "--no-create-home", user)
    for folder, user in (("/srv/small", "anna"), ("/srv/owners", "bert")):
        os.mkdir(folder, 0o755)
        shutil.chown(folder, user, user)
        for script in SCRIPTS.iterdir():
            copy = shutil.copy(script, folder)
            os.chmod(copy, 0o755)
            shutil.chown(copy, user, user)
    os.mkdir(ACCESS_LOG.parent, 0o755)


def request(pool, script):
    folder = {"small": "/srv/small", "owners": "/srv/owners"}[pool]
    environment = {
        "PATH": os.environ["PATH"],
        "REQUEST_METHOD": "GET",
        "SCRIPT_FILENAME": f"{folder}/{script}",
        "SCRIPT_NAME": f"/{script}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "GATEWAY_INTERFACE": "CGI/1.1",
    }
    answer = subprocess.run(
        ["cgi-fcgi", "-bind", "-connect", f"/run/cgi-fpm/{pool}.sock"],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    return answer.stdout


def running(mark):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(entry.name)
            except OSError:
                pass
    return found


def value(path):
    return (GROUP / path).read_text().strip()


def the_daemon_is_in_a_group_of_its_own():
    pid = command("systemctl", "show", "-P", "MainPID", "cgi-fpm").strip()
    where = pathlib.Path(f"/proc/{pid}/cgroup").read_text().strip()
    assert where.endswith("/cgi-fpm.service/supervisor"), where


def a_pool_s_group_has_its_limits():
    assert "Hello" in request("small", "hello.sh")
    assert value("pool-small/memory.max") == str(64 * 1024 * 1024)
    assert value("pool-small/pids.max") == "20"
    assert value("pool-small/cpu.weight") == "50"


def a_script_that_needs_too_much_memory_is_ended_and_the_next_one_works():
    answer = request("small", "hog.py")
    assert "Status: 500" in answer, answer
    assert "oom_kill 0" not in value("pool-small/memory.events"), value("pool-small/memory.events")
    assert "Hello" in request("small", "hello.sh")


def a_fork_bomb_stays_within_the_pool_and_ends_with_its_time():
    answers = []
    asking = threading.Thread(target=lambda: answers.append(request("small", "bomb.sh")))
    asking.start()
    seen = set()
    while asking.is_alive():
        seen.add(int(value("pool-small/pids.current")))
        time.sleep(0.05)
    assert "Status: 504" in answers[0], answers
    until("the bomb is gone", lambda: not running("bomb.sh"))
    assert 15 <= max(seen) <= 20, seen
    assert "Hello" in request("small", "hello.sh")


def what_leaves_the_session_ends_with_the_time_limit():
    answer = request("small", "escape.sh")
    assert "escaped" in answer, answer
    assert running("escaped-and-alive"), "it should live until request_timeout"
    until("what escaped is gone", lambda: not running("escaped-and-alive"))


def an_owner_has_a_group_below_the_pool_s():
    answer = request("owners", "where.sh")
    assert "uid=2002(bert)" in answer, answer
    assert "/cgi-fpm.service/pool-owners/user-2002/" in answer, answer


def the_access_log_has_the_peak_of_memory():
    until("the log is written", lambda: len(ACCESS_LOG.read_text().splitlines()) >= 6)
    lines = ACCESS_LOG.read_text().splitlines()
    peaks = [int(line.split()[1]) for line in lines]
    # The kernel charges in batches, so that a group may get a little more.
    assert all(50_000 < peak <= 66 * 1024 * 1024 for peak in peaks), lines
    assert max(peaks) > 40 * 1024 * 1024, lines


def nothing_is_left_after_a_stop():
    subprocess.Popen(["cgi-fcgi", "-bind", "-connect", "/run/cgi-fpm/small.sock"], env={
        "PATH": os.environ["PATH"], "REQUEST_METHOD": "GET", "SCRIPT_FILENAME": "/srv/small/escape.sh"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until("the script has escaped", lambda: running("escaped-and-alive"))
    command("systemctl", "stop", "cgi-fpm")
    assert not running("escaped-and-alive")
    assert not GROUP.exists() or not list(GROUP.glob("pool-*")), list(GROUP.glob("pool-*"))


def main():
    say("kernel " + os.uname().release)
    lay_out()
    command("systemctl", "start", "cgi-fpm.service")
    for test in (
        the_daemon_is_in_a_group_of_its_own,
        a_pool_s_group_has_its_limits,
        a_script_that_needs_too_much_memory_is_ended_and_the_next_one_works,
        a_fork_bomb_stays_within_the_pool_and_ends_with_its_time,
        what_leaves_the_session_ends_with_the_time_limit,
        an_owner_has_a_group_below_the_pool_s,
        the_access_log_has_the_peak_of_memory,
        nothing_is_left_after_a_stop,
    ):
        test()
        say("ok: " + test.__name__.replace("_s_", "'s_").replace("_", " "))
    say("passed")


try:
    main()
except BaseException as problem:
    traceback.print_exc(file=sys.stdout)
    if isinstance(problem, subprocess.CalledProcessError):
        print(problem.stderr)
    print(subprocess.run(["journalctl", "-b", "-u", "cgi-fpm", "--no-pager"], capture_output=True, text=True).stdout)
    say("failed")
