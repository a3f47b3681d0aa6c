package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import java.util.List;

/** One block of native memory that holds a program's path, argv and envp; kept by a launch thread and used again. */
final class SpawnMemory {
    private static final int FIRST_SIZE = 64 * 1024;

    private NativeMemory memory = new NativeMemory(FIRST_SIZE);
    private int end;

    /** Forgets what was there and makes room for all of it, so that no address moves afterwards. */
    void begin(SpawnOrder order) {
        long bytes = order.program().length() + 1L + arraySize(order.arguments()) + arraySize(order.environment());
        if (bytes > memory.size()) {
            memory = new NativeMemory(Math.toIntExact(bytes + FIRST_SIZE));
        }
        end = 0;
    }

    private static long arraySize(List<String> strings) {
        long bytes = 8L * (strings.size() + 1) + 8;
        for (String string : strings) {
            bytes += string.length() + 1L;
        }
        return bytes;
    }

    long string(String value) {
        ByteBuffer buffer = memory.buffer();
        long at = memory.address() + end;
        for (int i = 0; i < value.length(); i++) {
            buffer.put(end++, (byte) value.charAt(i));
        }
        buffer.put(end++, (byte) 0);
        return at;
    }

    /** A NULL-terminated array of pointers to these strings. */
    long array(List<String> strings) {
        end = (end + 7) & ~7;
        int pointers = end;
        end += 8 * (strings.size() + 1);
        for (int i = 0; i < strings.size(); i++) {
            memory.buffer().putLong(pointers + 8 * i, string(strings.get(i)));
        }
        memory.buffer().putLong(pointers + 8 * strings.size(), 0);
        return memory.address() + pointers;
    }
}
