package org.cgifpm.adapters.frontend.http;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says in advance why a script will not run, in words for the person who wrote it. Blocks: not for the loop thread.
 *
 * <p>It only advises; whether a script runs is decided where it is started.
 */
final class RunCheck {
    private final String path;

    /** @param path the PATH that scripts get, in which {@code env} looks */
    RunCheck(String path) {
        this.path = path;
    }

    /** Null when nothing stands against it. {@code name} is what the person sees. */
    @Nullable
    String problem(Path file, ScriptHead head, String name) {
        if (!Files.isExecutable(file)) {
            return "not executable: chmod +x " + name;
        }
        if (head.machineCode()) {
            return null;
        }
        if (!head.hasShebang()) {
            return "no #! line: its first line must name the interpreter, for example #!/usr/bin/env python3";
        }
        if (head.hasCarriageReturn()) {
            return "Windows line ends: the #! line ends in a carriage return; try dos2unix " + name;
        }
        if (!isProgram(head.program())) {
            return "interpreter not found: " + head.program();
        }
        if (head.byEnv() && !inPath(head.language())) {
            return "interpreter not found: " + head.language() + " is not in " + path;
        }
        return null;
    }

    private boolean inPath(String name) {
        for (String folder : path.split(":", -1)) {
            if (isProgram(folder + "/" + name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isProgram(String program) {
        try {
            Path file = Path.of(program);
            return file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file);
        } catch (InvalidPathException unspeakable) {
            return false;
        }
    }
}
