package org.cgifpm.e2e.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A command of the program that has ended: {@code ./cgi-fpm check} and others that do not stay.
 *
 * @param output both of its outputs
 */
public record Launched(int status, String output) {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Runs it to its end. */
    public static Launched of(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher().toString()));
        command.addAll(List.of(arguments));
        RunningProcess process = RunningProcess.start("command" + NUMBER.incrementAndGet(), folder, Map.of(), command);
        return new Launched(process.awaitExit(LIMIT), process.output());
    }
}
