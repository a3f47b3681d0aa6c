package org.cgifpm.protocol.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadParserTest {
    private static final int MAX = 1000;

    private static byte[] bytes(String output) {
        return output.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What comes of it in every cut: status and reason, fields, "body of N" if there is a length, the body. */
    private static void assertHead(String output, String... told) {
        Cuts.assertTold(List.of(told), bytes(output), () -> new HeadRun(MAX));
    }

    private static void assertRefused(String output, String reason) {
        assertHead(output, "BadHeadException: " + reason);
    }

    @Test
    void readsAHeadAndLeavesTheBody() {
        assertHead(
                "Content-Type: text/plain\nX-Other:no blank\n\nbody\n\nmore",
                "200 OK",
                "Content-Type: text/plain",
                "X-Other: no blank",
                "body\n\nmore");
    }

    @Test
    void takesLineEndsOfEitherKindMixed() {
        assertHead(
                "Content-Type: text/plain\r\nX-A: 1\nX-B: 2\r\n\r\n\r\nbody",
                "200 OK",
                "Content-Type: text/plain",
                "X-A: 1",
                "X-B: 2",
                "\r\nbody");
        assertHead("Content-Type: a/b\r\n\nx", "200 OK", "Content-Type: a/b", "x");
        assertHead("Content-Type: a/b\n\r\nx", "200 OK", "Content-Type: a/b", "x");
    }

    @Test
    void unfoldsLinesToOneBlank() {
        assertHead(
                "X-Long: one \n  \t two\r\n\tthree\n \nContent-Type:\n text/html\n\n",
                "200 OK",
                "X-Long: one two three",
                "Content-Type: text/html",
                "");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "404 Not Here, 404 Not Here",
        "404, 404 Not Found",
        "'404 ', 404 Not Found",
        "599, 599 Status",
        "200, 200 OK",
        "418   Tea\tpot, 418 Tea\tpot",
    })
    void readsStatusWithAndWithoutReason(String status, String told) {
        assertHead("Status: " + status + "\n\n", told, "");
        assertHead("Content-Type: a/b\nstatus:" + status + "\nX: y\n\n", told, "Content-Type: a/b", "X: y", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "20", "2000", "OK", "200OK", "099", "600", "999", "-20", "２００", "2 0", "HTTP/1.1 200 OK"})
    void refusesAStatusThatIsNone(String status) {
        List<String> told = Cuts.told(new HeadRun(MAX), bytes("Status: " + status + "\n\n"), 5);

        assertEquals(1, told.size());
        assertTrue(told.get(0).startsWith("BadHeadException: Status is not a number from 100 to 599: \""), told.get(0));
    }

    @Test
    void takesTheSameStatusTwiceAndRefusesTwoOfThem() {
        assertHead("Status: 404\nStatus: 404 Gone fishing\n\n", "404 Gone fishing", "");
        assertRefused("Status: 404\nStatus: 200\n\n", "Status twice, 404 and 200");
    }

    @Test
    void redirectsWithALocationAbsoluteOrLocal() {
        assertHead("Location: http://a/b\n\n", "302 Found", "Location: http://a/b", "");
        assertHead("location: /foobar.html\n\nbody", "302 Found", "location: /foobar.html", "body");
        assertHead("Location: /new\nStatus: 201\n\n", "201 Created", "Location: /new", "");
        assertHead("Status: 307\nLocation: /new\n\n", "307 Temporary Redirect", "Location: /new", "");
        assertHead("Location:\nContent-Type: a/b\n\n", "200 OK", "Content-Type: a/b", "");
    }

    @Test
    void takesTheSameLocationTwiceAndRefusesTwoOfThem() {
        assertHead("Location: /a\nLocation: /a\n\n", "302 Found", "Location: /a", "");
        assertRefused("Location: /a\nLocation: /b\n\n", "Location twice, \"/a\" and \"/b\"");
    }

    @Test
    void understandsTheStatusLineOfANphScript() {
        assertHead("HTTP/1.1 404 Not Found\r\nX: y\r\n\r\nbody", "404 Not Found", "X: y", "body");
        assertHead("HTTP/1.0 200 OK\nStatus: whatever\nContent-Type: a/b\n\n", "200 OK", "Content-Type: a/b", "");
        assertHead("HTTP/1.1 204\n\n", "204 No Content", "");
        assertHead("HTTP/2 200 \n\n", "200 OK", "");
        assertHead("HTTP/1.1 200 Fine\nLocation: /a\n\n", "200 Fine", "Location: /a", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 600 X", "HTTP/x 200 OK", "HTTP/1. 200 OK"})
    void refusesAStatusLineThatIsNone(String line) {
        assertRefused(line + "\n\n", "a status line that is none: \"" + line + "\"");
    }

    @Test
    void skipsInterimHeadsSaidInEitherWay() {
        assertHead(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\nX: no\n\nHTTP/1.1 200 Fine\nX: y\n\nbody",
                "200 Fine",
                "X: y",
                "body");
        assertHead(
                "Status: 103 Early Hints\nLink: </a.css>\n\nContent-Type: a/b\n\nbody",
                "200 OK",
                "Content-Type: a/b",
                "body");
    }

    @Test
    void skipsFiftyInterimHeadsAndNoMore() {
        String interim = "HTTP/1.1 102 P\n\n";

        assertHead(interim.repeat(50) + "HTTP/1.1 200 OK\n\n", "200 OK", "");
        assertRefused(interim.repeat(51) + "HTTP/1.1 200 OK\n\n", "more than 50 interim heads (status 1xx)");
    }

    @Test
    void refusesToSwitchProtocols() {
        assertRefused("HTTP/1.1 101 Up\n\n", "status 101: no other protocol can be spoken from here");
        assertRefused("Status: 101\n\n", "status 101: no other protocol can be spoken from here");
    }

    @Test
    void dropsHopByHopFieldsAndThoseThatConnectionLists() {
        String head = """
                Content-Type: a/b
                Connection: close, X-Mine ,content-type,Content-LENGTH
                x-mine: 1
                Keep-Alive: 5
                Proxy-Connection: x
                TE: x
                Trailer: x
                transfer-encoding: chunked
                Upgrade: x
                Proxy-Authenticate: x
                Connection: X-Other
                X-OTHER: 2
                Content-Length: 3
                X-Kept: 3

                """;

        assertHead(head, "200 OK", "Content-Type: a/b", "Content-Length: 3", "X-Kept: 3", "body of 3", "");
    }

    @Test
    void readsContentLength() {
        assertHead(
                "Content-Type: a/b\nContent-Length: 9223372036854775807\n\nx",
                "200 OK",
                "Content-Type: a/b",
                "Content-Length: 9223372036854775807",
                "body of 9223372036854775807",
                "x");
        assertHead(
                "Status: 200\nContent-Length: 0\ncontent-length: 0\n\n",
                "200 OK",
                "Content-Length: 0",
                "body of 0",
                "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1,1", "1 1", "0x10", "9223372036854775808", "1.0"})
    void refusesAContentLengthThatIsNone(String length) {
        assertRefused(
                "Content-Type: a/b\nContent-Length: " + length + "\n\n",
                "Content-Length is not a number of bytes: \"" + length + "\"");
    }

    @Test
    void refusesTwoContentLengths() {
        assertRefused("Content-Type: a/b\nContent-Length: 5\nContent-Length: 6\n\n", "Content-Length twice, 5 and 6");
    }

    @Test
    void keepsSetCookieApartAndOfContentTypeTheLast() {
        assertHead(
                "Content-Type: a/b\nSet-Cookie: a=1\nX: 1\nset-cookie: b=2\nX: 1\nContent-type: c/d\n\n",
                "200 OK",
                "Content-type: c/d",
                "Set-Cookie: a=1",
                "X: 1",
                "set-cookie: b=2",
                "X: 1",
                "");
    }

    @Test
    void passesEightBitValuesAndTabs() {
        assertHead(
                "Content-Type: a/b\nX: \u00e4\u00ff\tz\n\n", "200 OK", "Content-Type: a/b", "X: \u00e4\u00ff\tz", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\u0000b", "a\u0007b", "a\u007fb", "a\r"})
    void refusesControlCharactersInValues(String value) {
        for (String head : List.of("X: " + value, "X: 1\n " + value, "Location: " + value, "HTTP/1.1 200 " + value)) {
            List<String> told = Cuts.told(new HeadRun(MAX), bytes(head + "\r\nStatus: 200\r\n\r\n"), 4);

            assertEquals(1, told.size(), head);
            assertTrue(told.get(0).startsWith("BadHeadException: a control character in the head: \""), told.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A B", "A\rB", "A\u0000", "(A)", "A/B", "\u00e4", "A\"", "HTTP/1.1 200 OK; x"})
    void refusesNamesThatAreNoTokens(String name) {
        List<String> told = Cuts.told(new HeadRun(MAX), bytes("Status: 200\n" + name + ": value\n\n"), 4);

        assertEquals(1, told.size());
        assertTrue(told.get(0).startsWith("BadHeadException: a header name that is none: \""), told.get(0));
    }

    @Test
    void takesOffWhiteSpaceBeforeTheColon() {
        assertHead(
                "Content-Type : a/b\nContent-Length\t: 1\n\nx",
                "200 OK",
                "Content-Type: a/b",
                "Content-Length: 1",
                "body of 1",
                "x");
    }

    @Test
    void refusesABodyWithoutAHead() {
        assertRefused("\nbody", "no header before the body: the first line is empty");
        assertRefused("\r\nbody", "no header before the body: the first line is empty");
        assertRefused("<html>\nbody", "no header before the body: the first line is \"<html>\"");
        assertRefused("Content-Type: a/b\n<html>\n", "a line without \":\" in the head: \"<html>\"");
        assertRefused(" folded: x\n", "the head begins with a folded line: \" folded: x\"");
        assertRefused("HTTP/1.1 200 OK\n x: y\n\n", "the head begins with a folded line: \" x: y\"");
    }

    @Test
    void refusesAHeadWithoutAnyCgiField() {
        assertRefused(
                "Warning: no such file\n\nrest",
                "none of Content-Type, Location and Status in the head, but \"Warning\"");
    }

    @Test
    void quotesWhatItSawEscapedAndCut() {
        assertRefused(
                "\u001b[31m\"\\\u00e4" + "x".repeat(100) + "\n",
                "no header before the body: the first line is \"\\x1b[31m\\\"\\\\\\xe4" + "x".repeat(72) + "\"...");
    }

    @Test
    void refusesAHeadAboveTheLimitAndNamesIt() {
        String start = "Content-Type: a/b\nX: ";
        String fits = start + "x".repeat(100 - start.length() - 2) + "\n\n";

        assertEquals(
                "200 OK", Cuts.told(new HeadRun(100), bytes(fits + "body"), 7).get(0));
        Cuts.assertTold(List.of("BadHeadException: the head is above 99 bytes"), bytes(fits), () -> new HeadRun(99));
        Cuts.assertTold(
                List.of("BadHeadException: the head is above 20 bytes"),
                bytes("HTTP/1.1 100\n\n".repeat(2)),
                () -> new HeadRun(20));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | the script printed nothing
            'hello'                   | the output ended inside the head, in the line "hello"
            'Content-Type: a/b'       | the output ended inside the head, in the line "Content-Type: a/b"
            'Content-Type: a/b~'      | the output ended without the empty line that ends the head
            'HTTP/1.1 200 OK~'        | the output ended without the empty line that ends the head
            'HTTP/1.1 100 Continue~~' | the output ended after an interim head (status 1xx)
            """)
    void saysWhatWasMissingWhenTheOutputEnds(String output, String reason) {
        HeadRun run = new HeadRun(MAX);

        assertEquals(List.of(), Cuts.told(run, bytes(output.replace('~', '\n')), 3));
        assertEquals(reason, run.atEnd());
    }

    @Test
    void aHeadOf64KilobytesInOneFieldIsRead() {
        String value = "v".repeat(65536);

        List<String> told = Cuts.told(new HeadRun(70_000), bytes("Content-Type: a/b\nX: " + value + "\n\nbody"), 4096);

        assertEquals(List.of("200 OK", "Content-Type: a/b", "X: " + value, "body"), told);
    }

    @Test
    void garbageIsToldTheSameInEveryCutOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] words = {
            "Status: ",
            "200",
            "HTTP/1.1 ",
            "102 x",
            "\n",
            "\r\n",
            "\n\n",
            "\r",
            " ",
            "\t",
            ":",
            "Location: ",
            "/a",
            "Content-Length: ",
            "5",
            "Connection: ",
            "X",
            "\u0000",
            "\u00ff",
            "Content-Type: a/b",
            "<html>",
        };
        List<String> outcomes = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            StringBuilder output = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                output.append(words[random.nextInt(words.length)]);
            }
            byte[] bytes = bytes(output.toString());

            List<String> whole = Cuts.told(new HeadRun(60), bytes, bytes.length);
            List<String> cut = Cuts.told(new HeadRun(60), bytes, 1 + random.nextInt(9));

            assertEquals(whole, cut, () -> "seed " + seed + ": " + Arrays.toString(bytes));
            outcomes.add(whole.isEmpty() ? "more" : whole.get(0));
        }
        assertTrue(outcomes.contains("200 OK"), "some garbage is a head, seed " + seed);
    }
}
