package org.cgifpm.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Other people's parsers, by way of Python: whether the rest of the world reads what we wrote. */
public final class Parser {
    private static final String PACKAGE = "python3 python3-prometheus-client";

    private Parser() {}

    /**
     * What a program prints, without white space around it; it fails where the program does.
     *
     * @param input what it reads
     */
    public static String python(byte[] input, String... lines) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("parser", ".err");
        try {
            Process process = new ProcessBuilder(
                            Program.at("/usr/bin/python3", PACKAGE).toString(), "-c", String.join("\n", lines))
                    .redirectError(errors.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> read(errors));
            return printed.strip();
        } finally {
            Files.delete(errors);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
