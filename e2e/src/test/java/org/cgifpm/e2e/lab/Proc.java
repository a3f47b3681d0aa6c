package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the kernel says about processes, read from /proc.
 *
 * <p>A process may end between two looks: whatever cannot be read counts as gone, and is left out of the answer.
 */
public final class Proc {
    /** In /proc/PID/stat: when it was started, in ticks since the machine was. */
    private static final int STARTED = 22;

    private static final long TICKS_A_SECOND = 100;

    private Proc() {}

    /** All processes, zombies included. */
    public static List<Long> all() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
        } catch (IOException e) {
            throw new AssertionError("cannot list /proc", e);
        }
        return pids;
    }

    /**
     * The live processes that were started with {@code entry} (as {@code NAME=value}) in their environment, wherever
     * they have moved since: a session of their own or another parent does not hide them.
     */
    public static List<Long> withEnvironment(String entry) {
        String wanted = "\0" + entry + "\0";
        return all().stream()
                .filter(pid -> ("\0" + read(pid, "environ")).contains(wanted))
                .toList();
    }

    /** The processes whose parent is {@code pid}, zombies included. */
    public static List<Long> children(long pid) {
        return all().stream().filter(other -> parent(other) == pid).toList();
    }

    /** As {@link #children}, but asked of the process itself: quick enough for every few milliseconds. */
    public static List<Long> ownChildren(long pid) {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String children = read(pid, "task/" + thread.getFileName() + "/children");
                children.lines()
                        .flatMap(line -> Stream.of(line.strip().split(" ", -1)))
                        .filter(child -> !child.isEmpty())
                        .forEach(child -> pids.add(Long.parseLong(child)));
            }
        } catch (IOException gone) {
            return List.of();
        }
        return pids;
    }

    /** The variables that {@code pid} was started with; empty once the process is gone. */
    public static Map<String, String> environment(long pid) {
        Map<String, String> variables = new TreeMap<>();
        for (String entry : read(pid, "environ").split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    /** A field of /proc/PID/stat behind the name, counted as in proc(5): 3 is the state. Empty once it is gone. */
    public static String stat(long pid, int field) {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return field - 3 < fields.length ? fields[field - 3] : "";
    }

    /** How long ago it was started; zero if it has gone. */
    public static Duration age(long pid) {
        String started = stat(pid, STARTED);
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return started.isEmpty()
                    ? Duration.ZERO
                    : Duration.ofMillis((long) (seconds * 1000) - Long.parseLong(started) * 1000 / TICKS_A_SECOND);
        } catch (IOException e) {
            throw new AssertionError("cannot tell the time", e);
        }
    }

    /** The children of {@code pid} that have ended and that nobody has waited for. */
    public static List<Long> zombies(long pid) {
        return children(pid).stream()
                .filter(child -> status(child, "State").startsWith("Z"))
                .toList();
    }

    /** The open descriptors of {@code pid} and what they lead to. */
    public static Map<Integer, String> descriptors(long pid) {
        Map<Integer, String> open = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path entry : entries) {
                open.put(Integer.parseInt(entry.getFileName().toString()), target(entry));
            }
        } catch (IOException e) {
            throw new AssertionError("cannot list the descriptors of " + pid, e);
        }
        return open;
    }

    /** Resident memory in kB. */
    public static long residentKb(long pid) {
        return Long.parseLong(status(pid, "VmRSS").replace(" kB", ""));
    }

    /** Bytes that {@code pid} has given to write(2) so far; empty once it is gone. */
    public static OptionalLong written(long pid) {
        return read(pid, "io")
                .lines()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .findFirst();
    }

    /** One field of /proc/PID/status, empty once the process is gone. */
    public static String status(long pid, String field) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** The program file that {@code pid} runs. */
    public static Path executable(long pid) throws IOException {
        return Path.of("/proc/" + pid, "exe").toRealPath();
    }

    /** The command line with blanks between the arguments, for messages. */
    public static String command(long pid) {
        return pid + " " + read(pid, "cmdline").replace('\0', ' ').strip();
    }

    private static long parent(long pid) {
        String parent = status(pid, "PPid");
        return parent.isEmpty() ? -1 : Long.parseLong(parent);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException gone) {
            return "(closed meanwhile)";
        }
    }
}
