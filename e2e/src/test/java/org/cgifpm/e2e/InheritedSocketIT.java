package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the daemon finds open, or closed, when it starts: sockets of a service manager, a listening descriptor 0. */
class InheritedSocketIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Opens a Unix socket, makes it descriptor 0 and becomes the command that follows. */
    private static final String ON_ZERO = """
            import os, socket, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1])
            listener.listen(16)
            os.dup2(listener.fileno(), 0)
            os.execv(sys.argv[2], sys.argv[2:])
            """;

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void servesASocketOfTheServiceManagerByItsNameAndLeavesItsFile() throws IOException {
        Pool pool = inherited("activated", "fd:legacy");
        Daemon daemon = LAB.start(LAB.starter()
                .pool(pool)
                .through("systemd-socket-activate", "-l", pool.socket().toString(), "--fdname=legacy"));

        servesAndStops(daemon, pool);
    }

    @Test
    void servesAListeningDescriptorZero() throws IOException {
        Pool pool = inherited("zero", "fd:0");
        Daemon daemon = LAB.start(LAB.starter()
                .pool(pool)
                .through("/usr/bin/python3", "-c", ON_ZERO, pool.socket().toString()));

        servesAndStops(daemon, pool);
    }

    @Test
    void servesAlsoWhenItWasStartedWithClosedDescriptors() throws IOException {
        Pool pool = LAB.unixPool("closed");
        Daemon daemon =
                LAB.start(LAB.starter().pool(pool).through("/bin/sh", "-c", "exec \"$@\" 0<&- 1>&- 2>&-", "sh"));
        Caller caller = new Caller(pool.address(), LAB.site().root());

        String state = caller.post("/state.bin", new byte[100]).answer().text();

        assertTrue(state.contains("fd.0 pipe:") || state.contains("fd.0=pipe:"), state);
        daemon.terminate();
        assertEquals(0, daemon.awaitExit(LIMIT));
        daemon.assertNothingLeft();
    }

    private static Pool inherited(String name, String listen) {
        return LAB.unixPool(name).set("listen", listen).unset("listen_mode");
    }

    private static void servesAndStops(Daemon daemon, Pool pool) throws IOException {
        Caller caller = new Caller(pool.address(), LAB.site().root());
        assertEquals("hello\n", caller.get("/hello.sh").answer().text());

        daemon.terminate();

        assertEquals(0, daemon.awaitExit(LIMIT));
        assertTrue(Files.exists(pool.socket()), "the file belongs to whoever made it");
        Files.delete(pool.socket());
        daemon.assertNothingLeft();
    }
}
