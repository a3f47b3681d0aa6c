package org.cgifpm.adapters.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a process waits for a connection, as /proc/PID tells whoever might trace it (proc(5)). Each look takes some
 * tenths of a millisecond; any thread.
 */
public final class AcceptWait {
    /** The numbers of accept(2) and accept4(2); none where they are not known. */
    private static final Set<String> ACCEPT = switch (System.getProperty("os.arch", "")) {
        case "amd64" -> Set.of("43", "288");
        case "aarch64" -> Set.of("202", "242");
        default -> Set.of();
    };

    private AcceptWait() {}

    /**
     * Whether all of its threads are in accept(2): asleep in there, or, of a stopped process, perhaps already on the way
     * out with a connection, which {@link #sockets} tells. False where nobody tells.
     */
    public static boolean of(Syscalls syscalls, int pid) {
        List<Path> threads = entries(Path.of("/proc/" + pid + "/task"));
        return !threads.isEmpty() && threads.stream().allMatch(thread -> ACCEPT.contains(call(syscalls, thread)));
    }

    /** A number; "running" of one that runs or is ready to; "" where nobody tells. */
    private static String call(Syscalls syscalls, Path thread) {
        String text = Cgroup.readFile(syscalls, thread + "/syscall");
        int end = text.indexOf(' ');
        return end < 0 ? "" : text.substring(0, end);
    }

    /** Whether a signal has stopped it. */
    public static boolean isStopped(Syscalls syscalls, int pid) {
        String stat = Cgroup.readFile(syscalls, "/proc/" + pid + "/stat");
        // The name may be anything, but it ends at the last bracket.
        return stat.startsWith(") T", stat.lastIndexOf(')'));
    }

    /** Its sockets, each by the number that no other one had before; empty where nobody tells. */
    public static Set<String> sockets(int pid) {
        Set<String> found = new HashSet<>();
        for (Path descriptor : entries(Path.of("/proc/" + pid + "/fd"))) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:")) {
                    found.add(target);
                }
            } catch (IOException closed) {
                // It is no socket of the process any more.
            }
        }
        return found;
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException | UncheckedIOException nobodyTells) {
            return List.of();
        }
    }
}
