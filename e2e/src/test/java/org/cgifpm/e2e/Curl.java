package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;

/** The client that everybody has. Fails the test when curl itself fails. */
record Curl(Lab lab) {
    /** Runs {@code curl -sS -i ARGUMENTS} and returns head and body as they came. */
    String call(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Program.find("curl", "curl").toString(), "-sS", "-i"));
        command.addAll(List.of("--max-time", "30", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        RunningProcess curl =
                RunningProcess.start("curl" + System.nanoTime(), lab.newFolder("curl"), Map.of(), command);
        int status = curl.awaitExit(Duration.ofSeconds(40));
        assertEquals(0, status, () -> String.join(" ", command) + ": " + curl.output());
        return curl.output();
    }
}
