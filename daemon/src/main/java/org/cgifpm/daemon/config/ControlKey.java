package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the control socket in a configuration, whatever else is wrong with it: a daemon must be asked and stopped also
 * while its file is being edited. Blocks.
 */
public final class ControlKey {
    /** Where it is if nothing says otherwise. */
    public static final String DEFAULT = ByteText.toText(DaemonSettings.DEFAULT.control());

    private static final String KEY = "daemon.control";

    private ControlKey() {}

    /**
     * The path of the control socket, as text; the default where the file does not say.
     *
     * @throws IOException if the file cannot be read, or what it says cannot be a path; the message says which
     */
    public static String read(Path file) throws IOException {
        Object value = value(Files.readString(file));
        if (value == null) {
            return DEFAULT;
        }
        // Whether it can be listened on is not asked: the folder of a daemon that is gone may be gone too.
        if (value instanceof String path && path.startsWith("/") && path.indexOf('\0') < 0) {
            return path;
        }
        throw new IOException(KEY + " is no path of a socket; correct it, or name the socket with --control");
    }

    private static @Nullable Object value(String text) {
        try {
            return Section.tableOf(ConfigReader.parse(text).get("daemon")).get("control");
        } catch (RuntimeException broken) {
            return valueOfItsLine(text);
        }
    }

    private static @Nullable Object valueOfItsLine(String text) {
        KeyLines lines = KeyLines.scan(text);
        int number = lines.line(KEY);
        if (!lines.keyOn(number).equals(KEY)) {
            return null;
        }
        String line = text.lines().skip(number - 1L).findFirst().orElse("");
        try {
            Map<String, Object> one = ConfigReader.parse(line);
            return one.get("control");
        } catch (RuntimeException broken) {
            return false; // it is there, and no path
        }
    }
}
