package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A user of the system for one test class: {@link #add} before it, {@link #remove} after it, also when it failed. */
public final class TestUser {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String name;

    /** @param name one that no other test class has */
    public TestUser(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Makes the user, with a group of its own and no home; one left over from a test that was killed is replaced. */
    public void add() {
        remove();
        RunningProcess useradd = run("useradd", "-M", "-U", "-s", "/usr/sbin/nologin", name);
        if (useradd.awaitExit(LIMIT) != 0) {
            throw new AssertionError("useradd " + name + ": " + useradd.output());
        }
    }

    /** Does nothing if there is no such user. */
    public void remove() {
        run("userdel", name).awaitExit(LIMIT);
    }

    public int uid() {
        return field(2);
    }

    public int gid() {
        return field(3);
    }

    /** From passwd(5). */
    private int field(int index) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields[0].equals(name))
                    .mapToInt(fields -> Integer.parseInt(fields[index]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no user " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RunningProcess run(String... command) {
        return RunningProcess.start(command[0], Path.of("/"), Map.of(), List.of(command));
    }
}
