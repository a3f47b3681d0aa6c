package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The workers of a daemon as the kernel sees them: its children that run a certain program. */
public final class Crew {
    private final Daemon daemon;
    private final Path program;

    /** @param program the file that they run, an interpreter for a script */
    public Crew(Daemon daemon, Path program) {
        this.daemon = daemon;
        this.program = program;
    }

    /** All that live, those that are frozen included. */
    public List<Long> pids() {
        return Proc.ownChildren(daemon.pid()).stream().filter(this::isOne).toList();
    }

    /** Those that live and are not frozen. */
    public List<Long> moving() {
        return pids().stream().filter(pid -> !Proc.stat(pid, 3).equals("T")).toList();
    }

    /** Sends a signal to one of them; false if it has gone already. */
    public static boolean signal(long pid, String name) {
        try {
            return new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new AssertionError("cannot signal " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private boolean isOne(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid, "exe")).equals(program);
        } catch (IOException gone) {
            return false;
        }
    }
}
