package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordHeaderTest {
    @ParameterizedTest(name = "{0} -> type {1}, id {2}, {3}+{4} bytes follow")
    @CsvSource({
        "0105000100000000, 5, 1, 0, 0",
        "01060001fffff800, 6, 1, 65535, 248",
        "01fffffe0102ff7f, 255, 65534, 258, 255",
    })
    void readsEveryFieldUnsigned(String hex, int type, int id, int content, int padding) throws Exception {
        RecordHeader header = RecordHeader.read(ByteBuffer.wrap(Wire.hex(hex)));

        assertEquals(new RecordHeader(type, id, content, padding), header);
        assertEquals(content + padding, header.bodyLength());
    }

    @Test
    void doesNotCareForTheOrderOfTheBuffer() throws Exception {
        ByteBuffer little = ByteBuffer.wrap(Wire.hex("0105010203040000")).order(ByteOrder.LITTLE_ENDIAN);

        assertEquals(new RecordHeader(5, 0x0102, 0x0304, 0), RecordHeader.read(little));
    }

    @ParameterizedTest
    @CsvSource({"00, 0", "02, 2", "ff, 255"})
    void refusesAnotherVersionAndNamesIt(String version, int number) {
        ByteBuffer bytes = ByteBuffer.wrap(Wire.hex(version + "05000100000000"));

        ProtocolException failure = assertThrows(ProtocolException.class, () -> RecordHeader.read(bytes));

        assertEquals("record version " + number + ", expected 1", failure.getMessage());
    }
}
