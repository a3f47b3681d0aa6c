package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesTest {
    private static String html(String reason, String hint, String stderr) {
        ErrorPage page = new ErrorPage(500, "Internal Server Error", "/<x>", reason, hint, stderr);
        return new String(page.html(), StandardCharsets.UTF_8);
    }

    @Test
    void theErrorPageEscapesAllThatAScriptOrAClientMayHaveWritten() {
        String page = html("<r>", "<h>", "<s>\u001b[31m");
        assertTrue(page.contains("/&lt;x&gt;"));
        assertTrue(page.contains("&lt;r&gt;"));
        assertTrue(page.contains("&lt;h&gt;"));
        assertTrue(page.contains("&lt;s&gt;\ufffd[31m"));
    }

    @Test
    void theErrorPageShowsTheEndOfALongStderrInUtf8() {
        String utf8 = new String("caf\u00e9".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String page = html("x", "", "long ago\n" + "y".repeat(50) + "\n" + ("z".repeat(99) + "\n").repeat(50) + utf8);
        assertTrue(page.contains("caf\u00e9</pre>"), page);
        assertFalse(page.contains("long ago"));
        assertTrue(page.length() < 16_000, "too long: " + page.length());
        assertFalse(html("x", "", " \n").contains("<pre>"));
    }

    @Test
    void anEmptyFolderShowsHowToBegin() {
        Listing empty = new Listing("/a%20b/c/", List.of(), 0);
        String page = new String(new ListingPage("root").render(empty), StandardCharsets.UTF_8);
        assertTrue(page.contains("chmod +x hello.py"));
        assertTrue(page.contains("<a href=\"/\">root</a> / <a href=\"/a%20b/\">a b</a> /"), page);
        assertTrue(page.contains("<h1>c</h1>"));
        assertFalse(page.contains("http://") || page.contains("https://"), "loads something from elsewhere");
    }

    @Test
    void saysWhenAFolderHoldsMoreThanItShows() {
        String page = new String(new ListingPage("r").render(new Listing("/", List.of(), 7)), StandardCharsets.UTF_8);
        assertTrue(page.contains("and 7 more entries</p>"), page);
    }

    @Test
    void knowsTheUsualMistakes() {
        String traceback = "ModuleNotFoundError: No module named 'cgi'";
        assertTrue(Advice.on("no header", traceback).contains("legacy-cgi"));
        assertTrue(Advice.on("no header before the body", "").contains("Content-Type"));
        assertTrue(Advice.on("no #! line", "").contains("env python3"));
        assertTrue(Advice.on("interpreter /x is missing", "").contains("not there"));
        assertTrue(Advice.on("printed nothing", "/usr/bin/env: 'python2': No such file or directory")
                .contains("not in the PATH"));
        assertEquals("", Advice.on("killed by signal 9", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1234, 1.2 kB",
        "12345, 12 kB",
        "999999, 1.0 MB",
        "5000000000, 5.0 GB"
    })
    void writesSizesForPeople(long bytes, String text) {
        assertEquals(text, ByteCount.format(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=5-, 5, 9",
        "bytes=5-100, 5, 9",
        "bytes=-3, 7, 9",
        "bytes=-100, 0, 9",
    })
    void readsOneRange(String field, long first, long last) {
        assertEquals(new ByteRange(first, last), ByteRange.of(field, 10));
    }

    @Test
    void ignoresRangesThatAreNoneAndSeesThoseBehindTheEnd() {
        for (String field : List.of("bytes=-", "bytes=3-1", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b")) {
            assertNull(ByteRange.of(field, 10), field);
        }
        for (String field : List.of("bytes=10-", "bytes=10-20", "bytes=-0")) {
            ByteRange range = ByteRange.of(field, 10);
            assertTrue(range != null && range.isEmpty(), field);
        }
    }

    @Test
    void datesGoThereAndBack() {
        Instant when = Instant.parse("1994-11-06T08:49:37Z");
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(when));
        assertEquals(when, HttpDate.parse("Sun, 06 Nov 1994 08:49:37 GMT"));
        assertNull(HttpDate.parse("yesterday"));
    }
}
