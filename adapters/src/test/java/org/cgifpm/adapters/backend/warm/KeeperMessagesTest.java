package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeeperMessagesTest {
    @Test
    void framesARequestWithItsLength() {
        ByteBuffer message =
                KeeperMessages.run(12, "a.py", List.of("./a.py", "one two"), List.of("PATH=/bin", "EMPTY="));

        assertEquals("run\0" + "12\0a.py\0" + "2\0./a.py\0one two\0PATH=/bin\0EMPTY=", unframed(message));
    }

    @Test
    void leavesOutNothingWhereThereIsNothing() {
        assertEquals("run\0" + "1\0a\0" + "0", unframed(KeeperMessages.run(1, "a", List.of(), List.of())));
    }

    @Test
    void framesASignal() {
        assertEquals("kill\0" + "9223372036854775807\0" + "15", unframed(KeeperMessages.kill(Long.MAX_VALUE, 15)));
    }

    @Test
    void sendsAByteForAChar() {
        StringBuilder all = new StringBuilder("X=");
        for (char c = 1; c < 256; c++) {
            all.append(c);
        }

        assertEquals(
                "run\0" + "1\0\u00e4.py\0" + "1\0./\u00e4.py\0" + all,
                unframed(KeeperMessages.run(1, "\u00e4.py", List.of("./\u00e4.py"), List.of(all.toString()))));
    }

    @Test
    void makesNoMessageThatIsLongerThanAKeeperTakes() {
        int head =
                unframed(KeeperMessages.run(1, "a", List.of(), List.of("X="))).length();
        String longest = "X=" + "x".repeat(KeeperMessages.LONGEST - head);

        ByteBuffer message = KeeperMessages.run(1, "a", List.of(), List.of(longest));

        assertEquals(KeeperMessages.LONGEST, unframed(message).length());
        assertNull(KeeperMessages.run(1, "a", List.of(), List.of(longest + "x")));
    }

    /** The text behind the four bytes of length, which must be right. */
    private static String unframed(@org.jspecify.annotations.Nullable ByteBuffer message) {
        assertNotNull(message);
        ByteBuffer bytes = message.duplicate();
        int length = bytes.getInt();
        assertEquals(length, bytes.remaining());
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
