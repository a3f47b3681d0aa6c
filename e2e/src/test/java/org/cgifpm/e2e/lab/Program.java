package org.cgifpm.e2e.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that a test needs. One that is not there fails the test and names the Debian package that has it. */
public final class Program {
    private static final List<String> FOLDERS =
            List.of("/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin");

    private Program() {}

    /** The absolute path of {@code name}; looks in the system's folders only, so that every machine finds the same. */
    public static Path find(String name, String debianPackage) {
        for (String folder : FOLDERS) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new AssertionError(name + " is not installed: apt-get install " + debianPackage);
    }

    /** As {@link #find}, for a file that lies somewhere else. */
    public static Path at(String path, String debianPackage) {
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            throw new AssertionError(path + " is not there: apt-get install " + debianPackage);
        }
        return file;
    }
}
