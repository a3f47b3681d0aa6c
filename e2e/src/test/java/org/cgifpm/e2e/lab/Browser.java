package org.cgifpm.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Chromium without a window.
 *
 * @param folder for its profile and what it prints
 */
public record Browser(Path folder) {
    private static final long LIMIT_SECONDS = 240;

    /** The document as it is when its scripts have run for so long, in the page's own time. */
    public String document(String url, int millis) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "document", ".html");
        run(out, "--virtual-time-budget=" + millis, "--dump-dom", url);
        return Files.readString(out);
    }

    /** Writes a picture of the window. */
    public void picture(String url, int width, int height, Path png) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "picture", ".log");
        run(out, "--window-size=" + width + "," + height, "--screenshot=" + png, url);
        assertTrue(Files.exists(png), () -> url);
    }

    private void run(Path out, String... more) throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder, "chromium", ".err");
        List<String> command = new ArrayList<>(List.of(
                Program.find("chromium", "chromium").toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(List.of(more));
        Process chromium = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(chromium.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "chromium goes on and on");
            assertEquals(0, chromium.exitValue(), Files.readString(errors));
        } finally {
            chromium.descendants().forEach(ProcessHandle::destroyForcibly);
            chromium.destroyForcibly();
        }
    }
}
