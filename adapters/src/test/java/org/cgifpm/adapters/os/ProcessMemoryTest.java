package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    private final Syscalls syscalls = new Syscalls();

    @Test
    void tellsTheSameAsThePagesOfTheProcess() throws Exception {
        long page = Long.parseLong(output("getconf", "PAGESIZE"));
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            int pid = Math.toIntExact(process.pid());
            // While it is being loaded it grows between two looks.
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                String pages =
                        Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", 3)[1];
                long resident = ProcessMemory.resident(syscalls, pid);
                assertTrue(resident > 0, "it holds something");
                assertEquals(Long.parseLong(pages) * page, resident);
            });
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void tellsNothingOfAProcessThatIsGone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertEquals(0, ProcessMemory.resident(syscalls, Math.toIntExact(process.pid())));
    }

    private static String output(String... command) throws IOException {
        return new String(
                        new ProcessBuilder(command).start().getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip();
    }
}
