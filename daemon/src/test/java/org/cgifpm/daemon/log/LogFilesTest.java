package org.cgifpm.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@SuppressWarnings("NullAway.Init")
class LogFilesTest {
    @TempDir
    Path folder;

    private final LogFiles files = new LogFiles(new Syscalls(), TimeUnit.MILLISECONDS.toNanos(50));

    private Path path(String name) {
        return folder.resolve(name);
    }

    @Test
    void writesLinesInTheirOrderEachToItsFile() throws Exception {
        LogFile a = files.open(path("a").toString());
        LogFile b = files.open(path("b").toString());
        for (int i = 0; i < 2000; i++) {
            a.add("a" + i + " ü\n");
            if (i % 3 == 0) {
                b.add("b" + i + "\n");
            }
        }
        files.flush(10_000);
        assertEquals(IntStream.range(0, 2000).mapToObj(i -> "a" + i + " ü").toList(), Files.readAllLines(path("a")));
        assertEquals(667, Files.readAllLines(path("b")).size());
        assertEquals(0, a.dropped());
    }

    @Test
    void appendsToWhatIsThereAndMakesWhatIsNotForOwnerAndGroup() throws Exception {
        Files.writeString(path("old"), "before\n");
        files.open(path("old").toString()).add("after\n");
        files.open(path("new").toString()).add("x\n");
        files.flush(10_000);
        assertEquals(List.of("before", "after"), Files.readAllLines(path("old")));
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path("new")));
        assertTrue(mode.startsWith("rw-") && mode.endsWith("---") && mode.charAt(4) == '-', mode);
    }

    @Test
    void refusesALinkAndAPipeThatNobodyReads() throws Exception {
        Files.createSymbolicLink(path("link"), path("victim"));
        SyscallException refused = assertThrows(
                SyscallException.class, () -> files.open(path("link").toString()));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(path("link").toString()), message);
        assertTrue(Files.notExists(path("victim")));
        assertEquals(
                0, new ProcessBuilder("mkfifo", path("pipe").toString()).start().waitFor());
        assertThrows(SyscallException.class, () -> files.open(path("pipe").toString()));
        assertThrows(SyscallException.class, () -> files.open(folder.toString()));
    }

    /** What fails in the writer's hands, whatever it is, costs that addition and not the thread. */
    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    void anErrorOfOursCostsALineAndNotTheThread() throws Exception {
        LogFile log = files.open(path("log").toString());
        LogFile other = files.open(path("other").toString());
        log.add("before\n");
        files.flush(10_000);
        try (CapturedLog captured = new CapturedLog(Level.INFO)) {
            log.add(null);
            files.flush(10_000);
            assertEquals(1, log.dropped());
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> told(captured) == 1);
        }
        log.add("after\n");
        other.add("other\n");
        files.flush(10_000);
        assertEquals(List.of("before", "after"), Files.readAllLines(path("log")));
        assertEquals(List.of("other"), Files.readAllLines(path("other")));
    }

    @Test
    void twoPoolsMayShareAFile() throws Exception {
        assertSame(files.open(path("s").toString()), files.open(path("s").toString()));
    }

    @Test
    void aRenamedFileIsLeftAfterAReopen() throws Exception {
        LogFile log = files.open(path("log").toString());
        log.add("1\n");
        files.flush(10_000);
        Files.move(path("log"), path("log.1"));
        log.add("2\n");
        files.flush(10_000);
        files.reopen();
        log.add("3\n");
        files.flush(10_000);
        assertEquals(List.of("1", "2"), Files.readAllLines(path("log.1")));
        assertEquals(List.of("3"), Files.readAllLines(path("log")));
    }

    @Test
    void aReopenLetsGoOfAFileThatNobodyWritesTo() throws Exception {
        files.open(path("idle").toString());
        Files.move(path("idle"), path("idle.1"));
        files.reopen();
        files.flush(10_000);
        assertTrue(Files.exists(path("idle")));
    }

    @Test
    void aFileThatCannotBeReopenedIsWrittenOnAndTheLogSaysSo() throws Exception {
        LogFile log = files.open(path("log").toString());
        Files.move(path("log"), path("log.1"));
        Files.createDirectory(path("log"));
        try (CapturedLog captured = new CapturedLog(Level.INFO)) {
            files.reopen();
            log.add("kept\n");
            files.flush(10_000);
            assertEquals(List.of("kept"), Files.readAllLines(path("log.1")));
            assertEquals(
                    List.of("SEVERE log file not reopened, the one before is written on: open " + path("log") + ": "
                            + Errno.words(21)),
                    captured.lines());
        }
    }

    @Test
    void whatCannotBeWrittenIsCountedAndToldAndNobodyWaits() throws Exception {
        try (CapturedLog captured = new CapturedLog(Level.INFO)) {
            LogFile full = files.open("/dev/full");
            LogFile good = files.open(path("good").toString());
            for (int i = 0; i < 100; i++) {
                full.add("lost\n");
                good.add("kept\n");
            }
            files.flush(10_000);
            assertEquals(100, full.dropped());
            assertEquals(100, Files.readAllLines(path("good")).size());
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> told(captured) == 100);
            assertTrue(
                    captured.lines().get(0).contains("log file /dev/full: "),
                    captured.lines().toString());
            assertTrue(
                    captured.lines().get(0).contains(Errno.words(28)),
                    captured.lines().toString());
        }
    }

    /** A reader that has stopped: the pipe fills up, then the queue; what is read later are whole lines. */
    @Test
    void aSlowReaderLosesWholeLinesOnlyAndLearnsHowMany() throws Exception {
        assertEquals(
                0, new ProcessBuilder("mkfifo", path("pipe").toString()).start().waitFor());
        // Opened for reading and writing, a pipe has a reader without one being waited for.
        int held = new Syscalls().openAt(Syscalls.AT_FDCWD, path("pipe").toString(), Syscalls.O_RDWR);
        try (CapturedLog captured = new CapturedLog(Level.INFO)) {
            LogFile log = files.open(path("pipe").toString());
            String line = "x".repeat(999) + "\n";
            int added = 20_000;
            for (int i = 0; i < added; i++) {
                log.add(line);
            }
            files.flush(10_000);
            long dropped = log.dropped();
            assertTrue(dropped > added - 200 && dropped < added, dropped + " dropped");
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> told(captured) == dropped);
            try (InputStream in = Files.newInputStream(path("pipe"))) {
                byte[] got = in.readNBytes(60_000);
                String text = new String(got, StandardCharsets.ISO_8859_1);
                assertTrue(text.lines().limit(59).allMatch(l -> l.length() == 999), "torn lines");
            }
            log.add("after\n");
            files.flush(10_000);
            // Whatever was torn off in the middle, the next line begins on a line of its own.
            try (InputStream in = Files.newInputStream(path("pipe"))) {
                StringBuilder rest = new StringBuilder();
                while (rest.indexOf("after\n") < 0) {
                    rest.append((char) in.read());
                }
                assertTrue(rest.toString().endsWith("\nafter\n"), "forged end of a torn line");
            }
        } finally {
            new Syscalls().close(held);
        }
    }

    private static long told(CapturedLog captured) {
        return captured.lines().stream()
                .mapToLong(line -> {
                    Matcher lost = Pattern.compile("(\\d+) lines were dropped").matcher(line);
                    return lost.find() ? Long.parseLong(lost.group(1)) : 0;
                })
                .sum();
    }
}
