package org.cgifpm.daemon.log.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimePatternTest {
    private static final String ALL = "%a|%A|%b|%B|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%I|%j|%k|%l|%m|%M|%p|%P|%r|%R|%s|%S|%t"
            + "|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%Z|%%|text";

    private static String java(String pattern, long seconds, String zone) throws AccessFormatException {
        StringBuilder line = new StringBuilder();
        TimePattern.parse(pattern, ZoneId.of(zone)).append(seconds * 1000, line);
        return line.toString();
    }

    /** The C library's word for it, by way of date(1). */
    private static String system(String pattern, long seconds, String zone) throws IOException {
        ProcessBuilder date = new ProcessBuilder("date", "-d", "@" + seconds, "+" + pattern);
        date.environment().put("TZ", zone);
        date.environment().put("LC_ALL", "C");
        Process process = date.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }

    /** New Year's Eve on several weekdays, leap days, noon and midnight, summer and winter. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1772355907L,
                1704067199L,
                1704067200L,
                1709164800L,
                1735689599L,
                1767268799L,
                1798761600L,
                1751371200L,
                1751328000L,
                1230768000L,
                1262304000L,
                1293883199L
            })
    void everyLetterIsWhatTheCLibraryMakesOfIt(long seconds) throws Exception {
        for (String zone : List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")) {
            for (String part : ALL.split("\\|", -1)) {
                assertEquals(
                        system(part, seconds, zone).strip(),
                        java(part, seconds, zone).strip(),
                        part + " " + zone);
            }
        }
    }

    @Test
    void singleDigitsArePaddedAsThere() throws AccessFormatException {
        assertEquals("01| 1|09| 9|060", java("%d|%e|%H|%k|%j", 1772355907L, "UTC"));
    }
}
