package org.cgifpm.daemon.log.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.log.LogFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@SuppressWarnings("NullAway.Init")
class AccessLogTest {
    @TempDir
    Path folder;

    /** What is logged of a quiet GET of /ping, changed like that, where /ping is suppressed. */
    private List<String> logged(Consumer<Entries> change) throws Exception {
        Path file = folder.resolve("access" + System.nanoTime());
        LogFiles files = new LogFiles(new Syscalls());
        AccessLog log = new AccessLog(
                files.open(file.toString()), AccessFormat.parse("%m %r %s"), List.of("/ping", "/health check"));
        Entries entry = new Entries()
                .param("REQUEST_METHOD", "GET")
                .param("SCRIPT_NAME", "/ping")
                .param("REQUEST_URI", "/ping")
                .param("QUERY_STRING", "")
                .param("CONTENT_LENGTH", "");
        entry.bytesIn = 0;
        change.accept(entry);
        log.finished(entry.make());
        files.flush(10_000);
        return Files.readAllLines(file);
    }

    @Test
    void aSuppressedPathThatWentWellIsNotWritten() throws Exception {
        assertEquals(List.of(), logged(entry -> {}));
        assertEquals(List.of(), logged(entry -> entry.param("REQUEST_METHOD", "HEAD")));
        assertEquals(List.of(), logged(entry -> entry.status = 204));
        assertEquals(List.of(), logged(entry -> entry.param("CONTENT_LENGTH", "0")));
    }

    @Test
    void thePathOfTheRequestCountsAsWellAsThatOfTheScript() throws Exception {
        assertEquals(
                List.of(),
                logged(entry -> entry.param("SCRIPT_NAME", "/app.cgi").param("REQUEST_URI", "/health check")));
    }

    @Test
    void whatIsNotQuiteOrdinaryIsWritten() throws Exception {
        assertEquals(List.of("GET /ping 500"), logged(entry -> entry.status = 500));
        assertEquals(List.of("GET /ping 302"), logged(entry -> entry.status = 302));
        assertEquals(List.of("POST /ping 200"), logged(entry -> entry.param("REQUEST_METHOD", "POST")));
        assertEquals(List.of("GET /ping 200"), logged(entry -> entry.param("QUERY_STRING", "x")));
        assertEquals(List.of("GET /ping 200"), logged(entry -> entry.param("CONTENT_LENGTH", "1")));
        assertEquals(List.of("GET /ping 200"), logged(entry -> entry.bytesIn = 1));
        assertEquals(List.of("GET /ping 200"), logged(entry -> {
            entry.ending = Ending.CUT;
            entry.problem = "its body is shorter than its Content-Length";
        }));
    }

    @Test
    void onlyTheExactPathIsSuppressed() throws Exception {
        for (String path : List.of("/ping/", "/Ping", "/pin", "/pings", "/a/ping")) {
            assertEquals(
                    List.of("GET " + path + " 200"),
                    logged(entry -> entry.param("SCRIPT_NAME", path).param("REQUEST_URI", path)));
        }
    }
}
