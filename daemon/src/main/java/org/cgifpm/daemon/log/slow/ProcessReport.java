package org.cgifpm.daemon.log.slow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.log.LogText;

/**
 * Tells in words for people what the processes of a group are doing, from /proc alone: nothing is stopped, traced or
 * signalled. Takes as long as the machine has processes and may block: on a launch thread. The caller has to know that
 * the group's number was not given to a stranger meanwhile.
 */
final class ProcessReport {
    private static final Path PROC = Path.of("/proc");
    private static final int MAX_PROCESSES = 32;
    private static final int MAX_FILES = 20;
    /** Bytes of a file about a process; a line of the log has less. */
    private static final int MAX_TEXT = 4096;

    private static final int MAX_KERNEL_FRAMES = 8;
    /** /proc counts in USER_HZ, which is 100 wherever Linux runs Java. */
    private static final double TICKS_PER_SECOND = 100;

    private final Syscalls syscalls;

    ProcessReport(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Whether the process of a request is its user's; true where that is the daemon's own. */
    static boolean runsAs(RunningRequest request) {
        if (request.identity().isEmpty()) {
            return true;
        }
        try {
            Object owner = Files.getAttribute(PROC.resolve(Integer.toString(request.pid())), "unix:uid");
            return owner.equals(request.identity().get().uid());
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    /** The living processes of the group and the session that {@code leader} leads, itself first; ended ones are left out. */
    static List<ProcessStat> family(int leader) {
        List<ProcessStat> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                ProcessStat.read(process)
                        .filter(stat -> stat.belongsTo(leader) && stat.state() != 'Z' && stat.state() != 'X')
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What has been found is better than nothing.
            return found;
        }
        found.sort(
                Comparator.comparing((ProcessStat stat) -> stat.pid() != leader).thenComparing(ProcessStat::pid));
        return found;
    }

    /** Some lines for each process, safe for a log; none for one that has ended since, whose number may be a stranger's. */
    List<String> lines(List<ProcessStat> family) {
        List<String> lines = new ArrayList<>();
        for (ProcessStat stat : family.subList(0, Math.min(MAX_PROCESSES, family.size()))) {
            List<String> own = new ArrayList<>();
            tell(stat, own);
            boolean same = ProcessStat.read(folder(stat))
                    .filter(now -> now.startTicks() == stat.startTicks())
                    .isPresent();
            if (same) {
                lines.addAll(own);
            }
        }
        if (family.size() > MAX_PROCESSES) {
            lines.add("  and " + (family.size() - MAX_PROCESSES) + " more processes");
        }
        return lines;
    }

    private static Path folder(ProcessStat stat) {
        return PROC.resolve(Integer.toString(stat.pid()));
    }

    private void tell(ProcessStat stat, List<String> lines) {
        Path process = folder(stat);
        String where = text(process.resolve("wchan"))
                .filter(name -> !name.isEmpty() && !name.equals("0"))
                .map(name -> " in " + LogText.ofBytes(name))
                .orElse("");
        lines.add(String.format(
                Locale.ROOT,
                "  pid %d (%s), parent %d: %s (%c)%s; cpu %.2f s user, %.2f s system; %d %s, %d pages resident",
                stat.pid(),
                LogText.ofBytes(stat.name()),
                stat.parent(),
                stat.stateWords(),
                stat.state(),
                where,
                stat.userTicks() / TICKS_PER_SECOND,
                stat.systemTicks() / TICKS_PER_SECOND,
                stat.threads(),
                stat.threads() == 1 ? "thread" : "threads",
                stat.residentPages()));
        text(process.resolve("cmdline"))
                .filter(arguments -> !arguments.isEmpty())
                .ifPresent(arguments -> lines.add("    command: "
                        + LogText.ofBytes(
                                arguments.substring(0, arguments.length() - 1).replace('\0', ' '))));
        text(process.resolve("syscall"))
                .map(ProcessReport::systemCall)
                .filter(call -> !call.isEmpty())
                .ifPresent(call -> lines.add("    " + call));
        text(process.resolve("stack"))
                .map(ProcessReport::kernelFrames)
                .filter(frames -> !frames.isEmpty())
                .ifPresent(frames -> lines.add("    kernel: " + LogText.ofBytes(frames)));
        files(process.resolve("fd"), lines);
    }

    /** {@code 0 0x3 ...}: its number and its arguments, the first of which most often is a descriptor. */
    private static String systemCall(String text) {
        String[] words = text.strip().split(" ", 3);
        if (words.length < 2 || words[0].startsWith("-")) {
            return "";
        }
        return "system call " + LogText.ofBytes(words[0]) + ", first argument " + LogText.ofBytes(words[1]);
    }

    /** The kernel's functions from the innermost outwards, from lines such as {@code [<0>] do_select+0x6d4/0x8f0}. */
    private static String kernelFrames(String text) {
        List<String> frames = text.lines()
                .map(line -> line.substring(line.indexOf(']') + 1).strip())
                .map(line -> line.indexOf('+') > 0 ? line.substring(0, line.indexOf('+')) : line)
                .filter(line -> !line.isEmpty())
                .limit(MAX_KERNEL_FRAMES)
                .toList();
        return String.join(" < ", frames);
    }

    /** The first that the kernel lists, which are those with the smallest numbers; a process may have a million. */
    private void files(Path folder, List<String> lines) {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
            for (Path descriptor : descriptors) {
                if (numbers.size() > MAX_FILES) {
                    break;
                }
                numbers.add(Integer.valueOf(descriptor.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException e) {
            lines.add("    open files: not to be seen");
            return;
        }
        numbers.sort(Comparator.naturalOrder());
        for (int number : numbers.subList(0, Math.min(MAX_FILES, numbers.size()))) {
            target(folder + "/" + number)
                    .ifPresent(file -> lines.add("    file " + number + ": " + LogText.ofBytes(file)));
        }
        if (numbers.size() > MAX_FILES) {
            lines.add("    and more open files");
        }
    }

    /** Where the link points; not by way of the JDK, which would read the bytes in some character set. */
    private Optional<String> target(String link) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, link, Syscalls.O_PATH | Syscalls.O_NOFOLLOW);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(syscalls.readLink(fd));
        } catch (SyscallException e) {
            return Optional.empty();
        } finally {
            syscalls.close(fd);
        }
    }

    /** Its begin: a process may make its command line as long as it likes. Empty if it is gone, or not for this user to read. */
    private static Optional<String> text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_TEXT), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
