package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the tests of {@code keeper.py}, which are Python, with each interpreter that is found here: they start it as the
 * daemon does and compare what scripts do in its forks with what they do in processes of their own.
 */
class KeeperSourceTest {
    private static final Path TESTS = Path.of("src/test/python/keeper");
    private static final Path SOURCE = Path.of("src/main/resources/org/cgifpm/adapters/backend/warm/keeper.py");
    private static final List<String> VERSIONS = List.of("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14");

    @TestFactory
    Stream<DynamicTest> runsScriptsAsItsOwnTestsDemand(@TempDir Path folder) throws IOException {
        List<Path> interpreters = interpreters();
        assertFalse(interpreters.isEmpty(), "a python3 is needed");
        return interpreters.stream()
                .map(python -> DynamicTest.dynamicTest(python.toString(), () -> {
                    Path output = folder.resolve("output");
                    var command = List.of(
                            "python3", "-B", "-W", "error::ResourceWarning", "-m", "unittest", "discover", "-v");
                    assertEquals(0, run(command, python, output), () -> read(output));
                    assertTrue(read(output).matches("(?s).*\nRan [1-9][0-9]+ tests .*"), () -> read(output));
                }));
    }

    @Test
    void isWrittenForTheOldestVersionThatItRunsOn(@TempDir Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        var command = List.of("python3", "syntax.py", SOURCE.toAbsolutePath().toString(), "3", "8");

        assertEquals(0, run(command, Path.of("python3"), output), () -> read(output));
        assertEquals("understood\n", read(output));
    }

    /** One of each version: of those on the usual path, then of those that pyenv has built. */
    private static List<Path> interpreters() throws IOException {
        var folders = new ArrayList<Path>(List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin")));
        Path built = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        if (Files.isDirectory(built)) {
            try (Stream<Path> versions = Files.list(built)) {
                versions.map(version -> version.resolve("bin")).sorted().forEach(folders::add);
            }
        }
        Map<Integer, Path> found = new TreeMap<>();
        for (Path folder : folders) {
            for (String version : VERSIONS) {
                Path python = folder.resolve("python" + version);
                if (Files.isExecutable(python)) {
                    found.putIfAbsent(VERSIONS.indexOf(version), python);
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static int run(List<String> command, Path python, Path output) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(TESTS.toFile()).redirectErrorStream(true);
        builder.environment().put("TESTED_PYTHON", python.toString());
        Process tests = builder.redirectOutput(output.toFile()).start();
        try {
            assertTrue(tests.waitFor(5, TimeUnit.MINUTES), () -> "no end within five minutes:\n" + read(output));
            return tests.exitValue();
        } finally {
            tests.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
