package org.cgifpm.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of this package, prints the table and writes it into the file that is named. */
public final class Codec {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Codec() {}

    /**
     * Takes a minute and a half.
     *
     * @param args the file to write, and optionally the seconds that each benchmark is measured for (5)
     */
    public static void main(String[] args) throws RunnerException, IOException {
        Path file = Path.of(args[0]);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Options options = new OptionsBuilder()
                .include("org\\.cgifpm\\.bench\\..*Benchmark")
                .addProfiler(GCProfiler.class)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(seconds)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .jvmArgsAppend("-XX:+UseSerialGC", "-Xmx64m")
                .build();
        String page = page(CodecTable.of(rows(new Runner(options).run())), seconds);
        Files.createDirectories(file.toAbsolutePath().normalize().getParent());
        Files.writeString(file, page);
        System.out.println();
        System.out.print(page);
    }

    private static List<CodecTable.Row> rows(Collection<RunResult> results) {
        List<CodecTable.Row> rows = new ArrayList<>();
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            rows.add(new CodecTable.Row(
                    what(result), bytes(result), time.getScore(), time.getScoreError(), allocated(result)));
        }
        return rows;
    }

    private static double allocated(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        if (allocated == null) {
            throw new IllegalStateException("this JVM does not count what it allocates");
        }
        return allocated.getScore();
    }

    private static String method(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static int contentLength(RunResult result) {
        return Integer.parseInt(result.getParams().getParam("contentLength"));
    }

    private static String what(RunResult result) {
        return switch (method(result)) {
            case "readStdin" -> "read a STDIN record of " + contentLength(result);
            case "writeStdout" -> "write a STDOUT record of " + contentLength(result);
            case "readParams" -> "read the " + Samples.params().all().size() + " params of a GET";
            case "makeEnvironment" -> "make the environment of them";
            case "parseHead" -> "parse the head of an answer";
            default -> throw new IllegalStateException(method(result) + " has no line in the table");
        };
    }

    private static int bytes(RunResult result) {
        return switch (method(result)) {
            case "readStdin", "writeStdout" -> RecordBenchmark.wireSize(contentLength(result));
            case "parseHead" -> Samples.HEAD.length;
            default -> Samples.paramsContent().remaining();
        };
    }

    private static String page(String table, int seconds) throws IOException {
        return """
                # Benchmark of the codec

                Written by `bench/codec`. One operation is one record with header, content and padding, or one request's
                params, environment or head. Reading and writing records has one copy of the content in its time, from
                and to direct buffers, as the event loop has. Mean of %d seconds with the half of its 99.9 %% confidence
                interval; heap bytes from JMH's gc profiler, where fractions of a byte are the profiler's own.

                %s; Java %s; SerialGC, 64 MB of heap.

                %s""".formatted(seconds, processor(), Runtime.version(), table);
    }

    private static String processor() throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).strip() + ", " + cores + " cores";
            }
        }
        return System.getProperty("os.arch") + ", " + cores + " cores";
    }
}
