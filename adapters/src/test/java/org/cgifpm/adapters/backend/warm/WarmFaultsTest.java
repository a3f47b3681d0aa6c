package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FailingLibc;
import org.cgifpm.adapters.testing.FakeExchange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each system call of a forked request, from the start of its keeper to that one's end, fails once: the first, the
 * second and so on, until all passes untouched. Whatever fails, the request is answered, nothing is left behind, and the
 * next request works.
 */
class WarmFaultsTest {
    /** More calls of one kind than any of these requests makes. */
    private static final int ENOUGH = 400;

    private static final String ECHO = "import sys\nsys.stdout.write(sys.stdin.read())\n";
    /** Long enough for a control group of its own. */
    private static final String LONG = "import time\ntime.sleep(0.03)\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "socketpair, EMFILE",
        "openat, EMFILE",
        "pipe2, EMFILE",
        "fcntl, ENOMEM",
        "pidfd_open, EMFILE",
        "epoll_ctl, ENOMEM",
        "epoll_ctl, ENOSPC",
        "posix_spawn, EAGAIN",
        "posix_spawn_file_actions_adddup2, ENOMEM",
        "write, EPIPE",
        "read, ECONNRESET",
        "sendmsg, EPIPE",
    })
    void answersAndLeavesNothingBehindWhen(String call, String error) throws Exception {
        untilUntouched(call, errno(error), false);
    }

    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "sendmsg, EAGAIN",
        "sendmsg, EINTR",
        "sendmsg, ENOMEM",
        "read, EAGAIN",
        "read, EINTR",
        "write, EAGAIN",
        "write, EINTR",
        "epoll_wait, EINTR",
        "wait4, EINTR",
        "waitid, EINTR",
    })
    void answersAsIfNothingHadHappenedWhen(String call, String error) throws Exception {
        untilUntouched(call, errno(error), true);
    }

    /** As root, with a writable cgroup v2 tree. */
    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "openat, EMFILE",
        "epoll_ctl, ENOMEM",
        "write, ENOMEM",
        "pidfd_open, EMFILE",
    })
    void givesControlGroupsOrLeavesItAndLeavesNothingBehindWhen(String call, String error) throws Exception {
        untilUntouched(call, errno(error), false, true);
    }

    private void untilUntouched(String call, int errno, boolean unseen) throws Exception {
        untilUntouched(call, errno, unseen, false);
    }

    private void untilUntouched(String call, int errno, boolean unseen, boolean leaves) throws Exception {
        FailingLibc libc = new FailingLibc();
        // A keeper for each request, so that its start and its end are part of what may fail.
        Warmth settings = Warmth.usual().idleTimeout(Warmth.millis(20));
        try (WarmStand stand = new WarmStand(folder, libc.syscalls(), settings, leaves)) {
            String echo = stand.script("echo.py", HEAD + (leaves ? LONG : "") + ECHO);
            assertEquals(
                    "hello", stand.serve(stand.exchange("POST", "hello"), echo).ok());
            stand.awaitNothingLeft();
            // How often it is called depends on how the process comes along: it is enough for the wait of the loop.
            int last = call.equals("epoll_wait") ? 20 : ENOUGH;
            for (int n = 1; n <= last; n++) {
                String where = call + " number " + n + " fails with " + Errno.words(errno);
                libc.fail(call, n, errno);
                WarmRequest request = stand.serve(stand.exchange("POST", "hello"), echo);
                FakeExchange.Answer answer = request.answer();
                request.outcome();
                stand.awaitNothingLeft();
                boolean happened = libc.disarm();
                if (unseen || !happened) {
                    assertEquals("200 hello", answer.status() + " " + answer.body(), where);
                } else {
                    // Output that cannot be read has ended, as far as anybody can tell: that is a 500.
                    assertTrue(
                            List.of(200, call.equals("read") ? 500 : 502, 502, 503)
                                    .contains(answer.status()),
                            where + ": " + answer);
                }
                if (!happened) {
                    assertTrue(n > 1, "it was never called");
                    return;
                }
                assertEquals(
                        "next",
                        stand.serve(stand.exchange("POST", "next"), echo).ok(),
                        "after " + where);
                stand.awaitNothingLeft();
            }
            if (last == ENOUGH) {
                fail("it was called " + ENOUGH + " times");
            }
            libc.disarm();
        }
    }

    private static int errno(String name) throws ReflectiveOperationException {
        return Errno.class.getField(name).getInt(null);
    }
}
