package org.cgifpm.adapters.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What /proc says of this process, its children and others; for tests to compare before and after. */
public final class Processes {
    private static final int SHUT_RD = 0;
    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /** The pids of this process's children, zombies included. */
    public static Set<Integer> children() {
        return withParent(ProcessHandle.current().pid());
    }

    private static Set<Integer> withParent(long parent) {
        Set<Integer> found = new TreeSet<>();
        for (Path process : numbered(PROC)) {
            List<String> stat = stat(process);
            if (!stat.isEmpty() && stat.get(1).equals(Long.toString(parent))) {
                found.add(Integer.parseInt(process.getFileName().toString()));
            }
        }
        return found;
    }

    /** The pids of living processes that have this line in their environment. */
    public static Set<Integer> marked(String variable) {
        Set<Integer> found = new TreeSet<>();
        for (Path process : numbered(PROC)) {
            int pid = Integer.parseInt(process.getFileName().toString());
            if (read(process.resolve("environ")).contains(variable) && lives(pid)) {
                found.add(pid);
            }
        }
        return found;
    }

    /** True if there is such a process and it is no zombie. */
    public static boolean lives(int pid) {
        List<String> stat = stat(PROC.resolve(Integer.toString(pid)));
        return !stat.isEmpty() && !stat.get(0).equals("Z") && !stat.get(0).equals("X");
    }

    /** Sends one process a signal; it must be there. A number below 2 would mean many of them, or the machine's first. */
    public static void signal(int pid, int signal) {
        if (pid < 2) {
            throw new AssertionError(pid + " is no process of a test");
        }
        if (new Syscalls().libc().kill(pid, signal) < 0) {
            throw new AssertionError("there is no process " + pid);
        }
    }

    static boolean isZombie(int pid) {
        List<String> stat = stat(PROC.resolve(Integer.toString(pid)));
        return !stat.isEmpty() && stat.get(0).equals("Z");
    }

    /** State, parent, group, session and so on: /proc/PID/stat behind the name; empty if there is no such process. */
    static List<String> stat(int pid) {
        return stat(PROC.resolve(Integer.toString(pid)));
    }

    private static List<String> stat(Path process) {
        String stat = read(process.resolve("stat"));
        return stat.isEmpty()
                ? List.of()
                : List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
    }

    /** What stands behind {@code name:} in /proc/PID/status. */
    static String status(int pid, String name) {
        return read(PROC.resolve(Integer.toString(pid)).resolve("status"))
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** The soft limit of open descriptors. */
    public static String softDescriptorLimit(long pid) {
        return read(PROC.resolve(Long.toString(pid)).resolve("limits"))
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring(26).strip().split(" +", 2)[0])
                .findFirst()
                .orElse("");
    }

    /** The numbers of a process's descriptors, as text. */
    static Set<String> descriptors(long pid) {
        return numbered(PROC.resolve(Long.toString(pid)).resolve("fd")).stream()
                .map(fd -> fd.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** This process's descriptors that are pipes, sockets, pidfds or directories: what a request may leave behind. */
    public static long openHere() {
        return numbered(PROC.resolve("self/fd")).stream()
                .filter(Processes::isOfRequests)
                .count();
    }

    private static boolean isOfRequests(Path fd) {
        try {
            Path target = Files.readSymbolicLink(fd);
            String text = target.toString();
            return text.startsWith("pipe:")
                    || text.startsWith("socket:")
                    || text.contains("pidfd")
                    || text.contains("(deleted)")
                    || (text.startsWith("/tmp") && Files.isDirectory(target));
        } catch (IOException e) {
            return false; // the descriptor of this very look
        }
    }

    private static List<Path> numbered(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // the process went meanwhile
        }
    }

    /** What is written to the other end of that socket fails from now on (EPIPE); this end may still be written to. */
    public static void listensNoMore(Syscalls syscalls, int fd) {
        syscalls.libc().shutdown(fd, SHUT_RD);
    }
}
