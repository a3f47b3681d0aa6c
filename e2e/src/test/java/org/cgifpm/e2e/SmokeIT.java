package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A minute's look at the whole: started, used through nginx, stopped, and no complaint of the JVM on the way.
 *
 * <p>With CGI_FPM_JAVA_HOME set, the daemon runs on that JDK and not on the one that runs the tests.
 */
class SmokeIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void servesThroughNginxAndStopsWithoutAWarningOfTheJvm() throws IOException {
        Pool unix = LAB.unixPool("unix");
        Pool tcp = LAB.tcpPool("tcp");
        Daemon daemon = LAB.daemon(unix, tcp);
        String wanted = System.getenv("CGI_FPM_JAVA_HOME");
        if (wanted != null) {
            Path java = Proc.executable(daemon.pid());
            assertTrue(java.startsWith(Path.of(wanted).toRealPath()), () -> "runs on " + java);
        }
        Nginx nginx = Nginx.start(
                LAB,
                List.of(
                        Nginx.server(unix, Nginx.Mode.BUFFERED),
                        Nginx.server(unix, Nginx.Mode.KEPT),
                        Nginx.server(tcp, Nginx.Mode.UNBUFFERED)));
        for (Way way : nginx.ways()) {
            assertEquals("hello\n", way.get("/hello.sh").send().text());
            assertEquals("hello from python\n", way.get("/hello.py").send().text());
            byte[] body = Bytes.of(200_000);
            assertArrayEquals(body, way.post("/echo-after.sh", body).send().body());
            assertEquals(500, way.get("/nothing.sh").send().status());
        }

        daemon.stopCleanly(Duration.ofSeconds(10));

        List<String> warnings = daemon.log()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("warning"))
                .toList();
        assertEquals(List.of(), warnings);
    }
}
