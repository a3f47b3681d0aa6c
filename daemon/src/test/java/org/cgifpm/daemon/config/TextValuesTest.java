package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextValuesTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, 250, 250ms", "10s, 10000, 10s", "90s, 90000, 90s", "5m, 300000, 5m", "60s, 60000, 60s",
                "1h, 3600000, 1h",
        "120s, 120000, 2m", "1500ms, 1500, 1500ms", "2000ms, 2000, 2s", "0, 0, 0", "0s, 0, 0",
                "8760h, 31536000000, 8760h",
    })
    void readsTimesAndWritesThemShort(String text, long millis, String written) throws BadValueException {
        assertEquals(Duration.ofMillis(millis), DurationText.parse(text));
        assertEquals(written, DurationText.format(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10 | \"10\" has no unit; write \"10s\"",
                "-5s | \"-5s\" is negative; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"",
                "1.5s | \"1.5s\" is not a time; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"",
                "1d | \"1d\" is not a time; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"",
                "10 s | \"10 s\" is not a time; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"",
                "'' | \"\" is not a time; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"",
                "8761h | \"8761h\" is more than a year; the longest is \"8760h\"",
                "999999999999999h | \"999999999999999h\" is more than a year; the longest is \"8760h\"",
            })
    void refusesOtherTimesWithAdvice(String text, String message) {
        assertEquals(
                message,
                assertThrows(BadValueException.class, () -> DurationText.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "64k, 65536, 64k",
        "64K, 65536, 64k",
        "512M, 536870912, 512M",
        "2g, 2147483648, 2G",
        "1024k, 1048576, 1M",
        "1025, 1025, 1025",
        "0, 0, 0",
    })
    void readsSizesAndWritesThemShort(String text, long bytes, String written) throws BadValueException {
        assertEquals(bytes, ByteSizeText.parse(text));
        assertEquals(written, ByteSizeText.format(bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64kB | \"64kB\" is not a size; write a whole number and k, M or G, such as \"64k\" or \"512M\"",
                "1.5M | \"1.5M\" is not a size; write a whole number and k, M or G, such as \"64k\" or \"512M\"",
                "-1 | \"-1\" is negative; write a whole number and k, M or G, such as \"64k\" or \"512M\"",
                "M | \"M\" is not a size; write a whole number and k, M or G, such as \"64k\" or \"512M\"",
                "99999999999G | \"99999999999G\" is too large",
            })
    void refusesOtherSizesWithAdvice(String text, String message) {
        assertEquals(
                message,
                assertThrows(BadValueException.class, () -> ByteSizeText.parse(text))
                        .getMessage());
    }

    @Test
    void keepsBytesThatAreNoAscii() {
        assertEquals("Ã¤", ByteText.fromText("ä"));
        assertEquals("ä€😀", ByteText.toText(ByteText.fromText("ä€😀")));
    }
}
