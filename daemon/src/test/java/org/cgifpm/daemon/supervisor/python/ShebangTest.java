package org.cgifpm.daemon.supervisor.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ShebangTest {
    /** Runs each argument and tells what came of it, with no shell to step in for the kernel. */
    private static final String RUN_ALL = """
            import subprocess, sys
            for path in sys.argv[1:]:
                try:
                    done = subprocess.run([path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                    print("out", done.stdout.hex())
                except OSError as e:
                    print("errno", e.errno)
            """;

    private static final int CASES = 300;
    private static final int ENOEXEC = 8;
    private static final int EACCES = 13;

    private static Optional<Shebang> of(String head) {
        return Shebang.of(head);
    }

    private static Optional<Shebang> names(String program, String argument) {
        return Optional.of(new Shebang(program, argument.isEmpty() ? Optional.empty() : Optional.of(argument)));
    }

    @Test
    void allBehindTheProgramIsOneArgument() {
        assertEquals(names("/usr/bin/python3", ""), of("#!/usr/bin/python3\nprint()\n"));
        assertEquals(names("/usr/bin/python3", "-u -E"), of("#! \t/usr/bin/python3 \t-u -E \t\n"));
        assertEquals(names("/usr/bin/python3\r", ""), of("#!/usr/bin/python3\r\n"));
    }

    @Test
    void aFileThatBeginsOtherwiseNamesNothing() {
        for (String head : List.of("", "#", "#!", "#!\n", "#! \t\n/bin/sh\n", "# !/bin/sh\n", "\n#!/bin/sh\n", "ELF")) {
            assertEquals(Optional.empty(), of(head), head);
        }
    }

    @Test
    void aNameThatMayBeCutOffIsNone() {
        String room = "#!/" + "x".repeat(252);

        assertEquals(names(room.substring(2), ""), of(room + "\n"));
        assertEquals(Optional.empty(), of(room + "x"));
        assertEquals(names("/bin/sh", ""), of("#!/bin/sh" + " ".repeat(300)));
    }

    @Test
    @Timeout(60)
    void readsAsTheKernelDoes(@TempDir Path folder) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> heads = new ArrayList<>();
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", RUN_ALL));
        for (int i = 0; i < CASES; i++) {
            String head = randomHead(random);
            Path file = folder.resolve("s" + i);
            Files.write(file, head.getBytes(StandardCharsets.ISO_8859_1));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            heads.add(head.substring(0, Math.min(head.length(), Shebang.HEAD)));
            command.add(file.toString());
        }
        Process python = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        python.waitFor(10, TimeUnit.SECONDS);

        for (int i = 0; i < CASES; i++) {
            // A zero byte in place of a name is a name without letters to the kernel, which leads to a folder.
            String kernel = said.get(i).equals("errno " + EACCES) ? "errno " + ENOEXEC : said.get(i);
            assertEquals(kernel, expected(of(heads.get(i)), command.get(i + 3)), "seed " + seed + ": " + heads.get(i));
        }
    }

    /** Of files that name /bin/echo, nothing, or what is not there. */
    private static String expected(Optional<Shebang> shebang, String path) {
        if (shebang.isEmpty()) {
            return "errno " + ENOEXEC;
        }
        Shebang line = shebang.get();
        if (!line.program().equals("/bin/echo")) {
            return "errno 2";
        }
        String told = line.argument().map(argument -> argument + " ").orElse("") + path + "\n";
        StringBuilder hex = new StringBuilder("out ");
        for (byte b : told.getBytes(StandardCharsets.ISO_8859_1)) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }

    private static String randomHead(Random random) {
        String[] parts = {" ", "\t", "\n", "\0", "a", "é", " /bin/echo", "\r", " ".repeat(100), "b".repeat(120)};
        StringBuilder head = new StringBuilder("#!");
        if (random.nextInt(3) > 0) {
            head.append(" ".repeat(random.nextInt(3))).append("/bin/echo");
        }
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            head.append(parts[random.nextInt(parts.length)]);
        }
        if (random.nextBoolean()) {
            head.append('\n');
        }
        return head.toString();
    }
}
