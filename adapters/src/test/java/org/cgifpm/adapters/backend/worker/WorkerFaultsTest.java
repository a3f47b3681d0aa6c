package org.cgifpm.adapters.backend.worker;

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
 * Each system call of a relayed request, from the start of its worker to that one's end, fails once: the first, the
 * second and so on, until all passes untouched. Whatever fails, the request is answered, nothing is left behind, and
 * the next request works.
 */
class WorkerFaultsTest {
    /** More calls of one kind than any of these requests makes. */
    private static final int ENOUGH = 400;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "openat, EMFILE",
        "socket, EMFILE",
        "bind, EADDRINUSE",
        "chmod, ENOENT",
        "listen, ENOMEM",
        "connect, EAGAIN",
        "connect, ECONNREFUSED",
        "poll, ENOMEM",
        "pipe2, EMFILE",
        "fcntl, ENOMEM",
        "pidfd_open, EMFILE",
        "epoll_ctl, ENOMEM",
        "epoll_ctl, ENOSPC",
        "posix_spawn, EAGAIN",
        "posix_spawn_file_actions_init, ENOMEM",
        "posix_spawn_file_actions_adddup2, ENOMEM",
        "write, EPIPE",
        "write, ECONNRESET",
        "read, ECONNRESET",
    })
    void answersAndLeavesNothingBehindWhen(String call, String error) throws Exception {
        untilUntouched(call, errno(error), false);
    }

    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
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

    private void untilUntouched(String call, int errno, boolean unseen) throws Exception {
        FailingLibc libc = new FailingLibc();
        // A worker for each request, so that its start and its end are part of what may fail.
        Settings settings = Settings.USUAL.recycle(new RecyclePolicy(1, 0, 0));
        try (WorkerStand stand = new WorkerStand(folder, libc.syscalls(), settings)) {
            assertEquals("hello ", stand.body("hello"));
            stand.awaitNothingLeft();
            // How often it is called depends on how the process comes along: it is enough for the wait of the loop.
            int last = call.equals("epoll_wait") ? 20 : ENOUGH;
            for (int n = 1; n <= last; n++) {
                String where = call + " number " + n + " fails with " + Errno.words(errno);
                libc.fail(call, n, errno);
                RelayedRequest request = stand.post("echo", "hello");
                FakeExchange.Answer answer = request.answer();
                request.outcome();
                // A worker that only lost a connection lives, and is as good as before.
                WorkerStand.await(() -> assertTrue(stand.quiet()));
                boolean happened = libc.disarm();
                if (unseen || !happened) {
                    assertEquals(200, answer.status(), where);
                    assertEquals("hello", answer.body(), where);
                } else {
                    assertTrue(List.of(200, 502, 503).contains(answer.status()), where + ": " + answer);
                }
                if (!happened) {
                    assertTrue(n > 1, "it was never called");
                    return;
                }
                assertEquals("hello ", stand.body("hello"), "the request after " + where);
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
