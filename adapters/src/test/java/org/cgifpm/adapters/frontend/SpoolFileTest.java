package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void hasNoNameAndIsGoneWhenClosed() throws Exception {
        SpoolFile file = new SpoolFile(new Syscalls(), folder.toString());
        file.add(direct("hello"));
        try (Stream<Path> names = Files.list(folder)) {
            assertEquals(0, names.count());
        }
        assertEquals(1, Descriptors.countBelow(folder));
        file.close();
        assertEquals(0, Descriptors.countBelow(folder));
    }

    @Test
    void givesBackTheOldestBytesFirstAndBeginsAgainWhenEmpty() throws Exception {
        SpoolFile file = new SpoolFile(new Syscalls(), folder.toString());
        file.add(direct("abc"));
        file.add(direct("def"));
        assertEquals("abcd", peek(file, 4));
        file.took(2);
        assertEquals("cdef", peek(file, 100));
        file.took(4);
        assertTrue(file.isEmpty());
        file.add(direct("x"));
        assertEquals("x", peek(file, 100));
        file.close();
    }

    @Test
    void saysWhatWentWrong() {
        FailingLibc libc = new FailingLibc();
        Syscalls syscalls = libc.syscalls();
        libc.fail("openat", Errno.EACCES, 1);
        SyscallException open = assertThrows(SyscallException.class, () -> new SpoolFile(syscalls, folder.toString()));
        assertTrue(String.valueOf(open.getMessage()).contains("EACCES"), open.getMessage());

        SyscallException write = assertThrows(SyscallException.class, () -> {
            SpoolFile file = new SpoolFile(syscalls, folder.toString());
            libc.fail("pwrite", Errno.ENOSPC, 1);
            try {
                file.add(direct("x"));
            } finally {
                file.close();
            }
        });
        assertTrue(String.valueOf(write.getMessage()).contains("ENOSPC"), write.getMessage());
    }

    private static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length())
                .put(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .flip();
    }

    private static String peek(SpoolFile file, int most) throws SyscallException {
        ByteBuffer into = ByteBuffer.allocateDirect(most);
        file.peek(into);
        byte[] bytes = new byte[into.flip().remaining()];
        into.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
