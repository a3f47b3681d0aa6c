package org.cgifpm.daemon.status.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The daemon's own process, by the names that Prometheus' client libraries have for it. What cannot be read is left out. */
final class ProcessMetrics {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;
    private static final long KILO = 1024;
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMetrics() {}

    static void write(Exposition out) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration().map(Duration::toNanos).ifPresent(nanos -> {
            out.family("process_cpu_seconds", MetricType.COUNTER, "Processor time of the daemon itself");
            out.sample(nanos / NANOS);
        });
        info.startInstant().ifPresent(start -> {
            out.family("process_start_time_seconds", MetricType.GAUGE, "When the process was started, since 1970");
            out.sample(start.toEpochMilli() / MILLIS);
        });
        String status = read("status");
        figure(status, "VmRSS:")
                .ifPresent(kilo -> gauge(out, "process_resident_memory_bytes", "Resident memory", kilo * KILO));
        figure(status, "VmSize:")
                .ifPresent(kilo -> gauge(out, "process_virtual_memory_bytes", "Virtual memory", kilo * KILO));
        figure(status, "Threads:").ifPresent(threads -> gauge(out, "process_threads", "Threads", threads));
        openFiles().ifPresent(open -> gauge(out, "process_open_fds", "Open descriptors", open));
        figure(read("limits"), "Max open files")
                .ifPresent(most -> gauge(out, "process_max_fds", "Descriptors that may be open", most));
    }

    private static void gauge(Exposition out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help);
        out.sample(value);
    }

    private static String read(String name) {
        try {
            return Files.readString(SELF.resolve(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** The first number behind a label that begins a line. */
    static Optional<Long> figure(String text, String label) {
        return text.lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()).strip().split("\\s", 2)[0])
                .filter(word -> !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::valueOf)
                .findFirst();
    }

    private static Optional<Long> openFiles() {
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            return Optional.of(open.count());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
