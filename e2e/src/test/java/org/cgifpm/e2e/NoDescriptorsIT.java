package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that may open no file more: whoever waits is answered when it may again, and it does not run hot until then. */
class NoDescriptorsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** In this time a loop that asks again at once would write tens of thousands of lines. */
    private static final Duration WATCHED = Duration.ofSeconds(2);

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void saysOnceThatMetricsWaitAndAnswersThemThen() throws Exception {
        Pool pool = LAB.unixPool("main");
        Path file = LAB.newFolder("metrics").resolve("metrics.sock");
        Daemon daemon = LAB.start(
                LAB.starter().setting("metrics_listen", "\"" + file + "\"").pool(pool));
        assertEquals(200, hello(pool));

        limitFiles(daemon, lowestFree(daemon.pid()));
        try (SocketChannel waiting = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            waiting.connect(UnixDomainSocketAddress.of(file));
            waiting.write(
                    ByteBuffer.wrap("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            Awaitility.await("the daemon says that it cannot take the connection")
                    .atMost(LIMIT)
                    .until(() -> complaints(daemon) > 0);
            long before = cpuTicks(daemon.pid());
            Awaitility.await("one line for as long as it waits")
                    .during(WATCHED)
                    .atMost(LIMIT)
                    .until(() -> complaints(daemon) == 1);

            long ticks = cpuTicks(daemon.pid()) - before;
            assertTrue(ticks < 100, ticks + " ticks of processor time in " + WATCHED);

            limitFiles(daemon, 1024);
            String answer = new String(Channels.newInputStream(waiting).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        }
        assertEquals(200, hello(pool));
    }

    private static long complaints(Daemon daemon) {
        return daemon.log()
                .lines()
                .filter(line -> line.contains("metrics: a connection could not be accepted"))
                .count();
    }

    private static int hello(Pool pool) throws IOException {
        return new Caller(pool.address(), LAB.site().root())
                .get("/hello.sh")
                .answer()
                .status();
    }

    /** The number that its next descriptor would have. */
    private static int lowestFree(long pid) {
        Set<Integer> open = Proc.descriptors(pid).keySet();
        return IntStream.iterate(0, fd -> fd + 1)
                .filter(fd -> !open.contains(fd))
                .findFirst()
                .orElseThrow();
    }

    /** User and system time, in hundredths of a second (proc_pid_stat(5), fields 14 and 15). */
    private static long cpuTicks(long pid) {
        return Long.parseLong(Proc.stat(pid, 14)) + Long.parseLong(Proc.stat(pid, 15));
    }

    /** Another soft limit for a process that runs. */
    private static void limitFiles(Daemon daemon, int files) throws Exception {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(daemon.pid()), "--nofile=" + files + ":")
                .inheritIO()
                .start();
        assertEquals(0, prlimit.waitFor(), "prlimit");
    }
}
