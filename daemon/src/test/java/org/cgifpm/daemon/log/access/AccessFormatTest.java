package org.cgifpm.daemon.log.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFormatTest {
    private static final ZoneId ZONE = ZoneId.of("+05:30");

    private static String line(String format, Entries entry) throws AccessFormatException {
        return AccessFormat.parse(format, ZONE).line(entry.make());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // 150.034 ms of processor time in 1500.043 ms
                "%C | 10.00",
                "%{total}C | 10.00",
                "%{user}C | 8.33",
                "%{System}C | 1.66",
                "%d | 1.500",
                "%{seconds}d | 1.500",
                "%{milli}d | 1500.043",
                "%{mili}d | 1500.043",
                "%{milliseconds}d | 1500.043",
                "%{micro}d | 1500043",
                "%{microseconds}d | 1500043",
                "%{HTTP_HOST}e | www.example",
                "%{NOT_SET}e | -",
                "%f | /srv/cgi-bin/a.cgi",
                "%l | 11",
                "%m | POST",
                "%M | 5000000",
                "%{bytes}M | 5000000",
                "%{kilo}M | 4882",
                "%{kilobytes}M | 4882",
                "%{mega}M | 4",
                "%n | legacy",
                "%{Content-Type}o | text/html",
                "%{content-type}o | text/html",
                "%{X-Note}o | a \\x22b\\x22",
                "%{X-None}o | -",
                "%p | 4711",
                "%P | 99",
                "%q | x=1&y=2",
                "%Q | ?",
                "%r%Q%q | /cgi-bin/a.cgi?x=1&y=2",
                "%R | 192.0.2.7",
                "%s | 200",
                "%t | 01/Mar/2026:14:35:07 +0530",
                "%T | 01/Mar/2026:14:35:09 +0530",
                "%{%F %H}t | 2026-03-01 14",
                "%{%s}T | 1772355909",
                "%u | carol",
                "%% | %",
                "%{queue}x | 7.004",
                "%{cpu_user}x | 125.000",
                "%{cpu_system}x | 25.034",
                "%{peak_memory}x | 5000000",
                "%{exit}x | 3",
                "%{bytes_in}x | 11",
                "%{bytes_out}x | 1234",
                "%{check}x | -",
                "%{user}x | alice",
                "%{id}x | 17",
                "%{outcome}x | done",
                "fixed text, é | fixed text, é",
                "100%%s | 100%s",
            })
    void everyPlaceholderHasItsValue(String format, String wanted) throws AccessFormatException {
        assertEquals(wanted, line(format, new Entries()));
        assertEquals("<" + wanted + ">", line("<" + format + ">", new Entries()));
    }

    @Test
    void phpFpmsDefaultLineIsWrittenAsThere() throws AccessFormatException {
        assertEquals(
                "192.0.2.7 - carol 01/Mar/2026:14:35:07 +0530 \"POST /cgi-bin/a.cgi\" 200",
                line("%R - %u %t \"%m %r\" %s", new Entries()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%C | 0.00",
                "%M | -",
                "%p | -",
                "%{cpu_user}x | -",
                "%{cpu_system}x | -",
                "%{peak_memory}x | -",
                "%{exit}x | -",
                "%{user}x | -",
                "%{check}x | owner",
                "%{outcome}x | refused",
                "%s | 403",
            })
    void aRequestThatRanNothingHasDashesAndItsCheck(String format, String wanted) throws AccessFormatException {
        assertEquals(wanted, line(format, Entries.refused("owner")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%m | -",
                "%r | -",
                "%R | -",
                "%u | -",
                "%f | -",
                "%l | 0",
                "[%q%Q] | []",
                "%{Content-Type}o | -",
            })
    void whatTheFrontEndDidNotSendIsADash(String format, String wanted) throws AccessFormatException {
        Entries bare = new Entries();
        bare.params.clear();
        bare.process = new AccessEntry.Ran(0, 99, "", "", null, -1);
        bare.head = null;
        assertEquals(wanted, line(format, bare));
    }

    @Test
    void withoutAScriptNameThePathIsThatOfTheRequest() throws AccessFormatException {
        Entries entry = new Entries();
        entry.params.remove("SCRIPT_NAME");
        assertEquals("/cgi-bin/a.cgi/more", line("%r", entry));
    }

    @Test
    void theRemoteAddressIsThePeersWhereTheFrontEndNamesNobody() throws AccessFormatException {
        Entries entry = new Entries();
        entry.params.remove("REMOTE_ADDR");
        assertEquals("-", line("%R", entry));
        entry.peer = "127.0.0.1:50122";
        assertEquals("127.0.0.1", line("%R", entry));
    }

    @Test
    void aSignalIsNamed() throws AccessFormatException {
        Entries entry = new Entries();
        entry.process = new AccessEntry.Ran(1, 2, "/s", "u", new ExitStatus(0, 9, 0, 0), -1);
        assertEquals("SIGKILL", line("%{exit}x", entry));
    }

    @ParameterizedTest
    @CsvSource({"DONE, done", "REFUSED, refused", "CUT, cut", "TIMEOUT, timeout", "CLIENT_GONE, client_gone"})
    void everyOutcomeHasItsWord(Ending ending, String word) throws AccessFormatException {
        Entries entry = new Entries();
        entry.ending = ending;
        assertEquals(word, line("%{outcome}x", entry));
        assertTrue(line("json", entry).contains("\"outcome\":\"" + word + "\""));
    }

    @Test
    void aValueCannotEndTheLineNorItsQuotationMarks() throws AccessFormatException {
        Entries entry = new Entries()
                .param("REQUEST_METHOD", "GET\" 200\n10.0.0.1 - - \"GET")
                .param("SCRIPT_NAME", "/a\r\n\0\u001b[2J\u007f\\x22")
                .param("QUERY_STRING", "3\u00ff");
        assertEquals(
                "\"GET\\x22 200\\n10.0.0.1 - - \\x22GET /a\\r\\n\\x00\\x1b[2J\\x7f\\\\x22 3\\xff\"",
                line("\"%m %r %q\"", entry));
    }

    @Test
    void noBytesFromOutsideForgeALine() throws AccessFormatException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> formats = List.of("\"%m\" \"%r\" \"%q\" \"%u\" \"%{HTTP_X}e\" \"%R\" \"%f\"", "json");
        for (int round = 0; round < 500; round++) {
            Entries entry = new Entries();
            for (String name :
                    List.of("REQUEST_METHOD", "SCRIPT_NAME", "QUERY_STRING", "REMOTE_USER", "HTTP_X", "REMOTE_ADDR")) {
                byte[] bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
                entry.param(name, new String(bytes, StandardCharsets.ISO_8859_1));
            }
            for (String format : formats) {
                String line = line(format, entry);
                boolean clean = line.codePoints()
                        .noneMatch(c -> Character.getType(c) == Character.CONTROL
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
                assertTrue(clean, () -> "seed " + seed + ": " + line);
            }
            String text = line(formats.get(0), entry);
            assertEquals(14, text.chars().filter(c -> c == '"').count(), () -> "seed " + seed + ": " + text);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%z | %z is not known; there are %C",
                "%{x}z | %z is not known",
                "% d | '%  is not known'",
                "%{week}d | %{week}d: write seconds, milli or micro",
                "%{giga}M | %{giga}M: write bytes, kilo or mega",
                "%{idle}C | %{idle}C: write user, system or total",
                "%e | %e needs a name in braces, such as %{REMOTE_ADDR}e",
                "%{}e | %e needs a name",
                "%o | %o needs a name in braces, such as %{Content-Type}o",
                "%x | %x needs a name in braces, such as %{queue}x",
                "%{que}x | '%{que}x is not known; there are bytes_in, bytes_out, check, cpu_system'",
                "%{a}m | %m takes nothing in braces; write %m",
                "%{a}% | %% takes nothing in braces",
                "%{queue | %{queue lacks its closing brace",
                "%{queue} | a placeholder lacks its letter",
                "100% | a placeholder lacks its letter",
                "%{%n}t | %n is no part of a time",
                "%{%}T | % is no part of a time",
                "%{%Q}t | %Q is no part of a time",
            })
    void whatIsNoPlaceholderIsRefusedAndNamed(String format, String message) {
        AccessFormatException refused = assertThrows(AccessFormatException.class, () -> AccessFormat.parse(format));
        assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n", "%s\u0007", "\u007f"})
    void aFormatCannotCutItsOwnLines(String format) {
        assertThrows(AccessFormatException.class, () -> AccessFormat.parse(format));
    }
}
