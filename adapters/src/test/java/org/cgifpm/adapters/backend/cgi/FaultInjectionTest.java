package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.backend.cgi.FaultyServer.Reply;
import org.cgifpm.adapters.os.Errno;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each system call of a whole request fails once, the first, the second and so on, until a request passes untouched.
 * Whatever fails, the client gets an answer or an end of its connection, nothing is left behind, and the next request
 * works.
 */
class FaultInjectionTest {
    /** More calls of one kind than any of these requests makes. */
    private static final int ENOUGH = 400;

    private static final String ECHO = "printf 'Content-Type: text/plain\\n\\n'; cat; echo some >&2";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static FaultyServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new FaultyServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    /** Trouble that passes unseen: a signal, a spurious wake-up, a client that went before it was accepted. */
    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "accept4, EINTR",
        "accept4, EAGAIN",
        "accept4, ECONNABORTED",
        "accept4, EMFILE",
        "accept4, ENFILE",
        "accept4, ENOBUFS",
        "accept4, ENOMEM",
        "openat, EINTR",
        "read, EINTR",
        "read, EAGAIN",
        "write, EINTR",
        "write, EAGAIN",
        "wait4, EINTR",
        "waitid, EINTR",
    })
    void answersAsIfNothingHadHappenedWhen(String call, String error) throws Exception {
        server.script(ECHO);
        untilUntouched(call, errno(error), "hello", true);
    }

    /** Trouble that costs the request its answer: it is told so, or loses its connection. */
    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({
        "pipe2, EMFILE",
        "pipe2, ENFILE",
        "openat, EMFILE",
        "openat, ENFILE",
        "openat, ENOMEM",
        "statx, ENOMEM",
        "fcntl, ENOMEM",
        "epoll_ctl, ENOMEM",
        "epoll_ctl, ENOSPC",
        "write, EPIPE",
        "write, ECONNRESET",
        "write, ENOMEM",
        "getsockopt, ENOBUFS",
        "pidfd_open, EMFILE",
        "pidfd_open, ENFILE",
        "pidfd_open, ENOMEM",
        "posix_spawn, EAGAIN",
        "posix_spawn, ENOMEM",
        "posix_spawn_file_actions_init, ENOMEM",
        "posix_spawn_file_actions_adddup2, ENOMEM",
        "posix_spawn_file_actions_addfchdir_np, ENOMEM",
        "posix_spawn_file_actions_addclosefrom_np, ENOMEM",
    })
    void answersOrClosesAndLeavesNothingBehindWhen(String call, String error) throws Exception {
        server.script(ECHO);
        untilUntouched(call, errno(error), "hello", false);
    }

    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({"epoll_ctl, ENOMEM", "write, EAGAIN", "write, EINTR", "read, EAGAIN"})
    void echoesALargeBodyOrClosesWhen(String call, String error) throws Exception {
        server.script(ECHO);
        untilUntouched(call, errno(error), "x".repeat(300_000), !call.equals("epoll_ctl"));
    }

    @Test
    void sleepsOnWhenASignalInterruptsTheWait() throws Exception {
        server.script(ECHO);
        for (int n = 1; n <= 20; n++) {
            server.libc.fail("epoll_wait", n, Errno.EINTR);
            assertEquals("hello", server.post("hello").body());
            server.settle("epoll_wait " + n);
        }
        server.libc.disarm();
    }

    /** The group of a script that has exited is looked for, held and watched: that may fail as well. */
    @ParameterizedTest(name = "{0} fails with {1}")
    @CsvSource({"pidfd_open, EMFILE", "epoll_ctl, ENOMEM"})
    void watchesWhatAScriptLeavesBehindAlsoWhen(String call, String error) throws Exception {
        Path done = folder.resolve("done");
        for (int n = 1; n < ENOUGH; n++) {
            server.script("printf 'Content-Type: text/plain\\n\\nleft'\n"
                    + "(sleep 0.1; touch done) </dev/null >/dev/null 2>&1 &");
            server.libc.fail(call, n, errno(error));
            Reply reply = server.post("");
            if (reply.status().equals("200")) {
                Awaitility.await(call + " " + n)
                        .atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertTrue(Files.exists(done), "the job in the background was ended"));
            }
            server.settle(call + " " + n);
            Files.deleteIfExists(done);
            if (!server.libc.disarm()) {
                assertTrue(n > 2, "the group was never looked for");
                return;
            }
        }
    }

    private static void untilUntouched(String call, int errno, String body, boolean unseen) throws Exception {
        for (int n = 1; n < ENOUGH; n++) {
            String where = call + " number " + n + " fails with " + Errno.words(errno);
            server.libc.fail(call, n, errno);
            Reply reply = server.post(body);
            server.settle(where);
            boolean happened = server.libc.disarm();
            if (unseen || !happened) {
                assertEquals("200", reply.status(), where);
                assertTrue(
                        reply.ended() && reply.body().equals(body),
                        where + ": " + reply.body().length());
            } else if (reply.ended()) {
                assertTrue(reply.status().equals("503") || reply.status().equals("200"), where + ": " + reply.output());
            }
            if (!happened) {
                assertTrue(n > 1, "it was never called");
                return;
            }
            Reply next = server.post("next");
            assertEquals("next", next.body(), "the request after " + where);
            server.quiet("the request after " + where);
        }
        fail("it was called " + ENOUGH + " times");
    }

    private static int errno(String name) throws ReflectiveOperationException {
        return Errno.class.getField(name).getInt(null);
    }
}
