package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Users of this machine that live as long as a test; only root can make them. Close it, also when the test fails. */
public final class LocalUsers implements AutoCloseable {
    private final List<String> users = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    /** One user: its number, and that of its own group, which has the same name. */
    public record User(String name, int uid, int gid) {}

    public LocalUsers() {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new AssertionError("this test makes users of its own: run it as root");
        }
    }

    /** Makes a group; its number. */
    public int group(String name) {
        run("groupdel", name);
        must("groupadd", name);
        groups.add(name);
        return id("/etc/group", name, 2);
    }

    /** Makes a user with a group of the same name, who is in these groups too. */
    public User user(String name, String... more) {
        run("userdel", name);
        run("groupdel", name);
        List<String> command = new ArrayList<>(List.of("useradd", "-M", "-U", "-d", "/nonexistent"));
        if (more.length > 0) {
            command.addAll(List.of("-G", String.join(",", more)));
        }
        command.add(name);
        must(command.toArray(new String[0]));
        users.add(name);
        return new User(name, id("/etc/passwd", name, 2), id("/etc/passwd", name, 3));
    }

    private static int id(String file, String name, int field) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.split(":", -1);
                if (fields[0].equals(name)) {
                    return Integer.parseInt(fields[field]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError(name + " is not in " + file);
    }

    private static void must(String... command) {
        if (run(command) != 0) {
            throw new AssertionError("failed: " + String.join(" ", command));
        }
    }

    private static int run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        users.forEach(user -> run("userdel", user));
        // userdel has taken the groups of the same name along.
        users.forEach(user -> run("groupdel", user));
        groups.forEach(group -> run("groupdel", group));
    }
}
