package org.cgifpm.e2e.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the project lies, found from the folder that the tests run in. */
public final class Repository {
    public static final Path ROOT = root();

    private Repository() {}

    /** The launcher that a user would call. */
    public static Path launcher() {
        Path launcher = ROOT.resolve("cgi-fpm");
        if (!Files.isExecutable(launcher)) {
            throw new AssertionError(launcher + " is not there or not executable");
        }
        return launcher;
    }

    private static Path root() {
        for (@Nullable Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("e2e")) && Files.isDirectory(folder.resolve("protocol"))) {
                return folder;
            }
        }
        throw new AssertionError("the tests must run somewhere below the repository's root");
    }
}
