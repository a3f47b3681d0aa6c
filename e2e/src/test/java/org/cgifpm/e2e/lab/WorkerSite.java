package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder of persistent applications that a daemon under test keeps: a copy of src/test/resources/workers, the C
 * programs compiled with libfcgi.
 */
public final class WorkerSite {
    private final Path root;

    private WorkerSite(Path root) {
        this.root = root;
    }

    /** Fills {@code folder}, which anyone may look into afterwards. */
    public static WorkerSite in(Path folder) {
        Path sources = Repository.ROOT.resolve("e2e/src/test/resources/workers");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.toList()) {
                install(file, folder, folder.resolve(sources.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the applications", e);
        }
        return new WorkerSite(folder);
    }

    /** Where the applications lie. */
    public Path root() {
        return root;
    }

    /** An application, by the name that it has in the folder; those in C without extension. */
    public Path file(String name) {
        return root.resolve(name);
    }

    /** Another copy of an application, with its mode. */
    public Path copy(String name, String other) {
        try {
            return Files.copy(
                    file(name), file(other), StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Path source, Path folder, Path target) throws IOException {
        String name = target.getFileName().toString();
        if (Files.isDirectory(source)) {
            Files.createDirectories(target);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        } else if (name.endsWith(".c")) {
            compile(source, folder, target.resolveSibling(name.substring(0, name.length() - 2)));
        } else {
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void compile(Path source, Path folder, Path program) {
        Program.at("/usr/include/fcgiapp.h", "libfcgi-dev");
        String gcc = Program.find("gcc", "gcc libc6-dev").toString();
        RunningProcess compiler = RunningProcess.start(
                "gcc",
                folder,
                Map.of(),
                List.of(gcc, "-O1", "-pthread", "-o", program.toString(), source.toString(), "-lfcgi"));
        if (compiler.awaitExit(Duration.ofSeconds(60)) != 0) {
            throw new AssertionError("gcc failed: " + compiler.output());
        }
    }
}
