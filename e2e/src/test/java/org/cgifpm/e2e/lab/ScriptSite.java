package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The folder of scripts that a daemon under test runs: a copy of src/test/resources/scripts with the executable bits
 * set, the C programs compiled, and the files that no archive or checkout would carry (links, a directory that is
 * called like a script, a script with Windows line ends).
 */
public final class ScriptSite {
    private final Path root;
    private final Path scratch;

    private ScriptSite(Path root, Path scratch) {
        this.root = root;
        this.scratch = scratch;
    }

    /** Makes {@code cgi-bin} and {@code scratch} in {@code folder}. */
    public static ScriptSite in(Path folder) {
        Path root = folder.resolve("cgi-bin");
        Path scratch = folder.resolve("scratch");
        try {
            Files.createDirectory(root);
            Files.createDirectory(scratch);
            Path sources = Repository.ROOT.resolve("e2e/src/test/resources/scripts");
            try (DirectoryStream<Path> scripts = Files.newDirectoryStream(sources)) {
                for (Path script : scripts) {
                    install(script, root, folder);
                }
            }
            oddities(root, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the scripts", e);
        }
        return new ScriptSite(root, scratch);
    }

    public Path root() {
        return root;
    }

    /** The folder that scripts see as $SCRATCH: they wait for files to appear in it and leave files there. */
    public Path scratch() {
        return scratch;
    }

    public Path script(String name) {
        return root.resolve(name);
    }

    /** Lets the script that waits for {@code name} go on. */
    public void open(String name) {
        try {
            Files.createFile(scratch.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the gate " + name, e);
        }
    }

    /** True once a script has left {@code name} in the scratch folder. */
    public boolean has(String name) {
        return Files.exists(scratch.resolve(name));
    }

    private static void install(Path source, Path root, Path folder) throws IOException {
        String name = source.getFileName().toString();
        if (name.endsWith(".c")) {
            Path program = root.resolve(name.substring(0, name.length() - 2) + ".bin");
            String gcc = Program.find("gcc", "gcc libc6-dev").toString();
            RunningProcess compiler = RunningProcess.start(
                    "gcc", folder, Map.of(), List.of(gcc, "-O1", "-o", program.toString(), source.toString()));
            if (compiler.awaitExit(Duration.ofSeconds(60)) != 0) {
                throw new AssertionError("gcc failed: " + compiler.output());
            }
            return;
        }
        Path script = root.resolve(name);
        Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(
                script, PosixFilePermissions.fromString(name.startsWith("not-executable") ? "rw-r--r--" : "rwxr-xr-x"));
    }

    private static void oddities(Path root, Path folder) throws IOException {
        Files.createDirectory(root.resolve("directory.sh"));
        Files.createDirectories(root.resolve("sub/deeper"));
        Files.copy(root.resolve("state.bin"), root.resolve("sub/state.bin"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(root.resolve("hello.sh"), root.resolve("two words.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(root.resolve("link-inside.sh"), Path.of("hello.sh"));
        Path outside = folder.resolve("outside.sh");
        Files.copy(root.resolve("hello.sh"), outside, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(root.resolve("link-outside.sh"), outside);
        Files.createSymbolicLink(root.resolve("link-up.sh"), Path.of("../outside.sh"));
        Files.createSymbolicLink(root.resolve("link-loop.sh"), Path.of("link-loop.sh"));
        Path crlf = root.resolve("crlf.sh");
        Files.writeString(crlf, "#!/bin/sh\r\nprintf 'Content-Type: text/plain\\n\\nthis must not run\\n'\r\n");
        Files.setPosixFilePermissions(crlf, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
