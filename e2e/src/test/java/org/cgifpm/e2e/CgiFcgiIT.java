package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command line client that comes with libfcgi. */
class CgiFcgiIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Path program;
    private static Pool unix;
    private static Pool tcp;

    @BeforeAll
    static void start() {
        program = Program.find("cgi-fcgi", "libfcgi-bin");
        unix = LAB.unixPool("unix");
        tcp = LAB.tcpPool("tcp");
        LAB.daemon(unix, tcp);
    }

    @Test
    void runsAScriptOverAUnixSocket() {
        String output = call("unix", unix.socket().toString(), "/hello.sh", "GET", "/dev/null", 0);

        assertTrue(output.endsWith("\r\n\r\nhello\n"), output);
        assertTrue(output.contains("Content-Type: text/plain\r\n"), output);
    }

    @Test
    void runsAScriptOverTcp() {
        String output = call("tcp", "127.0.0.1:" + tcp.port(), "/hello.py", "GET", "/dev/null", 0);

        assertTrue(output.endsWith("\r\n\r\nhello from python\n"), output);
    }

    @Test
    void echoesAMegabyte() throws IOException {
        Path body = LAB.folder().resolve("body");
        Files.write(body, Bytes.of(1_000_000));

        String output = call("echo", unix.socket().toString(), "/echo.sh", "POST", body.toString(), 1_000_000);

        int start = output.indexOf("\r\n\r\n") + 4;
        assertEquals(1_000_000, output.length() - start);
        assertTrue(output.substring(start).equals(new String(Bytes.of(1_000_000), StandardCharsets.ISO_8859_1)));
    }

    private static String call(String name, String address, String path, String method, String body, int length) {
        Map<String, String> environment = new TreeMap<>(CgiParams.get(LAB.site().root(), path, ""));
        environment.put("REQUEST_METHOD", method);
        environment.put("CONTENT_LENGTH", Integer.toString(length));
        String command = "exec " + program + " -bind -connect " + address + " < " + body;
        RunningProcess client = RunningProcess.start(
                "cgi-fcgi-" + name, LAB.folder(), environment, java.util.List.of("/bin/sh", "-c", command));
        client.awaitExit(Duration.ofSeconds(30));
        return client.output();
    }
}
