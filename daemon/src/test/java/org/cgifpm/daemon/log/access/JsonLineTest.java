package org.cgifpm.daemon.log.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.os.ExitStatus;
import org.junit.jupiter.api.Test;

class JsonLineTest {
    private static String line(Entries entry) throws AccessFormatException {
        return AccessFormat.parse("json", ZoneOffset.UTC).line(entry.make());
    }

    private static JsonObject parsed(Entries entry) throws AccessFormatException {
        return JsonParser.parseString(line(entry)).getAsJsonObject();
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void saysEverythingThatIsKnown() throws AccessFormatException {
        assertEquals(
                "{\"time\":\"2026-03-01T09:05:07.089+00:00\",\"logged\":\"2026-03-01T09:05:09.089+00:00\","
                        + "\"pool\":\"legacy\",\"id\":17,\"remote_addr\":\"192.0.2.7\",\"remote_user\":\"carol\","
                        + "\"peer\":\"uid 33 pid 812\",\"method\":\"POST\",\"uri\":\"/cgi-bin/a.cgi\","
                        + "\"query\":\"x=1&y=2\",\"request_uri\":\"/cgi-bin/a.cgi/more?x=1&y=2\","
                        + "\"host\":\"www.example\",\"script\":\"/srv/cgi-bin/a.cgi\",\"status\":200,"
                        + "\"outcome\":\"done\",\"check\":null,\"problem\":null,\"duration_ms\":1500.043,"
                        + "\"queue_ms\":7.004,\"cpu_user_ms\":125.000,\"cpu_system_ms\":25.034,"
                        + "\"peak_memory\":5000000,\"exit\":3,\"signal\":null,\"pid\":4711,\"user\":\"alice\","
                        + "\"content_length\":11,\"bytes_in\":11,\"bytes_out\":1234,\"content_type\":\"text/html\"}",
                line(new Entries()));
    }

    @Test
    void aRefusedRequestHasTheSameKeysAndNullForWhatThereIsNot() throws AccessFormatException {
        JsonObject refused = parsed(Entries.refused("writable"));
        assertEquals(parsed(new Entries()).keySet(), refused.keySet());
        assertEquals("writable", refused.get("check").getAsString());
        assertTrue(refused.get("problem").getAsString().startsWith("writable: "));
        for (String key : List.of("exit", "signal", "pid", "user", "cpu_user_ms", "cpu_system_ms", "peak_memory")) {
            assertTrue(refused.get(key).isJsonNull(), key);
        }
    }

    @Test
    void aSignalStandsInAKeyOfItsOwn() throws AccessFormatException {
        Entries entry = new Entries();
        entry.process = new AccessEntry.Ran(1, 2, "/s", "u", new ExitStatus(0, 15, 0, 0), -1);
        JsonObject line = parsed(entry);
        assertTrue(line.get("exit").isJsonNull());
        assertEquals("SIGTERM", line.get("signal").getAsString());
    }

    @Test
    void whatIsReadBackIsWhatWasSent() throws AccessFormatException {
        String nasty = "\"}\n{\"id\":1}\r\t\\u0041 \u0001\u001f\u007f\u0085 ü € 😀 \u2028\u202e";
        Entries entry = new Entries();
        for (Map.Entry<String, String> key : Map.of(
                        "REMOTE_ADDR", "remote_addr", "REQUEST_METHOD", "method", "QUERY_STRING", "query")
                .entrySet()) {
            entry.param(key.getKey(), bytes(nasty));
            assertEquals(nasty, parsed(entry).get(key.getValue()).getAsString());
        }
        assertFalse(line(entry).contains("\u2028"));
    }

    @Test
    void aByteThatIsNoUtf8IsItsNumber() throws AccessFormatException {
        Entries entry = new Entries().param("QUERY_STRING", "a\u00ff\u00c3(\u00e2\u0082" + bytes("é"));
        assertTrue(line(entry).contains("\"query\":\"a\\u00ff\\u00c3(\\u00e2\\u0082é\""), line(entry));
        JsonElement back = parsed(entry).get("query");
        assertEquals("a\u00ff\u00c3(\u00e2\u0082é", back.getAsString());
    }

    @Test
    void aLongValueIsCutAndSaysSo() throws AccessFormatException {
        Entries entry = new Entries().param("QUERY_STRING", "q".repeat(100_000));
        String query = parsed(entry).get("query").getAsString();
        assertEquals("q".repeat(4096) + "... (100000 bytes)", query);
    }
}
