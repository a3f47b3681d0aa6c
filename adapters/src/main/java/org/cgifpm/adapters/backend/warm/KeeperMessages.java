package org.cgifpm.adapters.backend.warm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a keeper is told: a length of four bytes, the highest first, and fields with a NUL between them. Pure; strings are
 * ISO-8859-1, a char for a byte, and have no NUL.
 */
final class KeeperMessages {
    /** More than that no keeper takes. */
    static final int LONGEST = 1024 * 1024;

    private static final int LENGTH = 4;

    private KeeperMessages() {}

    /**
     * A request for a fork; its descriptors go with the first byte.
     *
     * @param name the script's file name in its folder
     * @return null if it is too long
     */
    static @Nullable ByteBuffer run(long request, String name, List<String> arguments, List<String> environment) {
        return request("run\0" + request + '\0' + name, arguments, environment);
    }

    /**
     * A request for a program to be executed; its descriptors go with the first byte.
     *
     * @param name the script's file name in its folder
     * @param program what is executed: {@code ./NAME}, or the path of an interpreter
     * @return null if it is too long
     */
    static @Nullable ByteBuffer execute(
            long request, String name, String program, List<String> arguments, List<String> environment) {
        return request("exec\0" + request + '\0' + name + '\0' + program, arguments, environment);
    }

    private static @Nullable ByteBuffer request(String what, List<String> arguments, List<String> environment) {
        StringBuilder fields = new StringBuilder(4096);
        fields.append(what).append('\0').append(arguments.size());
        arguments.forEach(argument -> fields.append('\0').append(argument));
        environment.forEach(entry -> fields.append('\0').append(entry));
        return fields.length() > LONGEST ? null : framed(fields);
    }

    /** A signal for the processes of a request. */
    static ByteBuffer kill(long request, int signal) {
        return framed(new StringBuilder("kill\0").append(request).append('\0').append(signal));
    }

    private static ByteBuffer framed(StringBuilder fields) {
        byte[] text = fields.toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(LENGTH + text.length)
                .putInt(text.length)
                .put(text)
                .flip();
    }
}
