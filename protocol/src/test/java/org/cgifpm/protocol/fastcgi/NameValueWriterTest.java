package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameValueWriterTest {
    @ParameterizedTest(name = "{0} bytes -> {1}")
    @CsvSource({"0, 00", "127, 7f", "128, 80000080", "1000, 800003e8", "33554431, 81ffffff"})
    void writesLengthsInTheShortestForm(int length, String hex) {
        ByteBuffer out = ByteBuffer.allocate(NameValueWriter.size("x".repeat(length), ""));

        NameValueWriter.write(out, "x".repeat(length), "");

        assertEquals(0, out.remaining());
        assertEquals(hex, HexFormat.of().formatHex(out.array(), 0, hex.length() / 2));
    }

    @Test
    void writesNameAndValueAsTheirBytes() {
        ByteBuffer out = ByteBuffer.allocate(6);

        NameValueWriter.write(out, "A\u00ff", "\u0000b");

        assertArrayEquals(Wire.hex("0202 41ff 0062"), out.array());
    }

    @Test
    void writesAllOrNothing() {
        ByteBuffer out = ByteBuffer.allocate(5);

        assertThrows(BufferOverflowException.class, () -> NameValueWriter.write(out, "AB", "cd"));
        assertThrows(IllegalArgumentException.class, () -> NameValueWriter.write(out, "A", "\u0100"));
        assertEquals(0, out.position());
        assertArrayEquals(new byte[5], Arrays.copyOf(out.array(), 5));
    }
}
