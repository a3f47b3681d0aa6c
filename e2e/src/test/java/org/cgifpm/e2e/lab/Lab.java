package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * The bench that one test class works at: a temporary folder with scripts, daemons and front ends, all gone afterwards.
 *
 * <p>Register it as a static field. When a test fails it prints what every program of the class has logged; when the
 * class is done it stops the front ends, then every daemon, and fails if one of those left anything behind.
 */
public final class Lab implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {
    private static final int LOG_TAIL = 120;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final List<RunningProcess> programs = new ArrayList<>();
    private final List<Daemon> daemons = new ArrayList<>();
    private @Nullable Path folder;
    private @Nullable ScriptSite site;
    private int folders;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Path made = Files.createTempDirectory("e2e");
        // Front ends may run as www-data.
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        folder = made;
        site = ScriptSite.in(made);
    }

    /** The folder of this class; short enough for socket names. */
    public Path folder() {
        return present(folder);
    }

    public ScriptSite site() {
        return present(site);
    }

    /** A new, empty folder, named so that it tells what it is for. */
    public Path newFolder(String purpose) {
        try {
            return Files.createDirectory(folder().resolve(purpose + folders++));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pool over the scripts of this class on a Unix socket, with $SCRATCH set. */
    public Pool unixPool(String name) {
        return withScratch(Pool.unix(name, folder(), site().root()));
    }

    /** A pool over the scripts of this class on a port of 127.0.0.1, with $SCRATCH set. */
    public Pool tcpPool(String name) {
        return withScratch(Pool.tcp(name, site().root()));
    }

    private Pool withScratch(Pool pool) {
        return pool.environment("SCRATCH", site().scratch().toString());
    }

    /** Starts a daemon over these pools. */
    public Daemon daemon(Pool... pools) {
        Daemon.Starter starter = starter();
        Stream.of(pools).forEach(starter::pool);
        return start(starter);
    }

    /** To start a daemon in another way; hand it to {@link #start}. */
    public Daemon.Starter starter() {
        return new Daemon.Starter(newFolder("daemon"));
    }

    /** As {@link #starter}, for a daemon in the place of another: it has the same control socket. */
    public Daemon.Starter starterInPlaceOf(Daemon dead) {
        return new Daemon.Starter(dead.folder());
    }

    public Daemon start(Daemon.Starter starter) {
        Daemon daemon = starter.start();
        daemons.add(daemon);
        return daemon;
    }

    /** Starts any other program; it ends with the class. */
    public RunningProcess run(String name, Path directory, List<String> command) {
        RunningProcess program = RunningProcess.start(name, directory, Map.of(), command);
        programs.add(program);
        return program;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        programs.forEach(RunningProcess::stop);
        try {
            for (Daemon daemon : daemons) {
                if (daemon.alive()) {
                    daemon.stopCleanly(STOP_LIMIT);
                }
            }
        } catch (AssertionError leftovers) {
            printLogs(context.getDisplayName() + " at its end");
            throw leftovers;
        } finally {
            daemons.forEach(Daemon::destroy);
            delete(folder());
        }
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLogs(invocation, "set-up of " + context.getDisplayName());
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLogs(invocation, context.getDisplayName());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLogs(invocation, method.getExecutable().getName() + " " + context.getDisplayName());
    }

    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
            throws Throwable {
        withLogs(invocation, context.getDisplayName());
    }

    private void withLogs(Invocation<@Nullable Void> invocation, String what) throws Throwable {
        try {
            invocation.proceed();
        } catch (Throwable failure) {
            printLogs(what);
            throw failure;
        }
    }

    private void printLogs(String what) {
        PrintStream out = System.out;
        out.println("==== " + what + " failed; what the programs logged:");
        for (Daemon daemon : daemons) {
            print(out, "cgi-fpm, pid " + daemon.pid() + (daemon.alive() ? "" : ", ended"), daemon.log());
        }
        for (RunningProcess program : programs) {
            print(out, program.name() + (program.alive() ? "" : ", ended"), program.output());
        }
    }

    private static void print(PrintStream out, String name, String log) {
        List<String> lines = log.lines().toList();
        out.println("---- " + name + " (" + lines.size() + " lines)");
        lines.stream()
                .skip(Math.max(0, lines.size() - LOG_TAIL))
                .map(line -> line.length() > 500 ? line.substring(0, 500) + "..." : line)
                .forEach(out::println);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("register the lab as a static field");
        }
        return value;
    }
}
