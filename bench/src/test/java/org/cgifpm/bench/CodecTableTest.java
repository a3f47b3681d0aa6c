package org.cgifpm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodecTableTest {
    @Test
    void countsMillionBytesInASecond() {
        assertEquals(500.0, new CodecTable.Row("x", 1000, 2000, 0, 0).megabytesPerSecond());
    }

    @Test
    void roundsAsFarAsTheFiguresCarry() {
        String table = CodecTable.of(List.of(
                new CodecTable.Row("small", 16, 12.345, 0.678, 0.0001),
                new CodecTable.Row("big", 65536, 2345.6, 123.4, 96)));

        assertEquals("""
                | | bytes each | ns each | MB/s | bytes allocated each |
                | --- | ---: | ---: | ---: | ---: |
                | small | 16 | 12.3 ± 0.7 | 1296 | 0.0 |
                | big | 65536 | 2346 ± 123 | 27940 | 96.0 |
                """, table);
    }
}
