package org.cgifpm.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;

/** The package that was built. */
final class Deb {
    private Deb() {}

    static Path file() {
        Path file = Path.of(Objects.requireNonNull(System.getProperty("deb"), "run this with mvn verify"));
        Assertions.assertTrue(Files.exists(file), () -> file + " has not been built");
        return file;
    }

    /** 0.1.0 */
    static String version() throws IOException, InterruptedException {
        return Outcome.of(new ProcessBuilder("dpkg-deb", "--field", file().toString(), "Version"))
                .expect(0)
                .strip();
    }

    /**
     * The same with another version, and with one more line in the configuration of logrotate.
     *
     * @param folder where it is put
     */
    static Path next(Path folder, String version) throws IOException, InterruptedException {
        Path content = folder.resolve("content");
        Outcome.of(new ProcessBuilder("dpkg-deb", "--raw-extract", file().toString(), content.toString()))
                .expect(0);
        Path control = content.resolve("DEBIAN/control");
        String text = Files.readString(control);
        Files.writeString(control, text.replaceFirst("(?m)^Version: .*$", "Version: " + version));
        Path rotation = content.resolve("etc/logrotate.d/cgi-fpm");
        Files.writeString(rotation, "# new\n" + Files.readString(rotation));
        Path next = folder.resolve("next.deb");
        Outcome.of(new ProcessBuilder(
                        "dpkg-deb", "--root-owner-group", "-Znone", "--build", content.toString(), next.toString()))
                .expect(0);
        return next;
    }
}
