package org.cgifpm.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code status --watch} makes of two answers, and how figures are written. */
class WatchTest {
    private static JsonObject status(long now, String... pools) {
        return JsonParser.parseString(
                        "{\"daemon\":{\"version\":\"1\",\"pid\":5,\"user\":\"root\",\"since_ms\":0,\"now_ms\":"
                                + now
                                + ",\"reloads\":0,\"stopping\":false,\"connections\":0,\"max_connections\":10,\"active\":1,"
                                + "\"max_children\":4,\"pools\":" + pools.length + ",\"requests\":0},\"pools\":["
                                + String.join(",", pools) + "]}")
                .getAsJsonObject();
    }

    /** @param fast requests of less than a millisecond, {@code slow} of 2.5 to 5 seconds */
    private static String pool(String name, int active, int fast, int slow) {
        return "{\"name\":\"" + name + "\",\"state\":\"up\",\"since_ms\":0,\"active\":" + active
                + ",\"max_children\":4,\"waiting\":0,\"processes\":1,\"requests\":" + (fast + slow)
                + ",\"errors\":0,\"endings\":{\"refused\":0},\"workers\":[],\"keepers\":[],"
                + "\"duration\":{\"sum_s\":1,\"counts\":[" + fast + ",0,0,0,0,0,0,0,0,0,0," + slow + ",0,0,0,0]}}";
    }

    private static JsonObject running(String... pools) {
        StringBuilder all = new StringBuilder();
        for (String pool : pools) {
            all.append(all.length() == 0 ? "" : ",")
                    .append("{\"id\":7,\"pool\":\"" + pool + "\",\"pid\":1,\"user\":\"u\",\"age_us\":1,\"cpu_us\":null,"
                            + "\"memory_bytes\":null,\"method\":\"GET\",\"script\":\"/of-" + pool + "\"}");
        }
        return JsonParser.parseString("{\"running\":[" + all + "]}").getAsJsonObject();
    }

    @Test
    void ratesAndTimesAreOfTheTimeBetweenTwoLooks() {
        StatusText text = new StatusText(status(12_000, pool("a", 0, 30, 1)), status(10_000, pool("a", 0, 10, 1)));
        PoolFigures figures = text.pools().get(0);
        assertEquals(10, figures.perSecond());
        assertEquals(31, figures.requests());
        assertTrue(figures.lastHundredth() <= 0.001, figures::toString);
    }

    @Test
    void ofADaemonThatWasRestartedAllIsNew() {
        JsonObject old = status(10_000, pool("a", 0, 1000, 0));
        old.getAsJsonObject("daemon").addProperty("pid", 4);
        assertEquals(
                5,
                new StatusText(status(2_000, pool("a", 0, 10, 0)), old)
                        .pools()
                        .get(0)
                        .perSecond());
    }

    @Test
    void busyPoolsStandFirstAndRunningRequestsBelow() {
        List<String> lines = StatusWatch.lines(
                status(10_000, pool("a", 0, 0, 0), pool("b", 0, 9, 0), pool("c", 2, 1, 0)), null, running("c"));
        assertTrue(lines.get(4).startsWith("c "), lines::toString);
        assertTrue(lines.get(5).startsWith("b "), lines::toString);
        assertTrue(lines.get(6).startsWith("a "), lines::toString);
        assertTrue(lines.get(9).endsWith("/of-c"), lines::toString);
    }

    @Test
    void ofOnePoolOnlyItsOwnRequestsAreShown() {
        List<String> lines = StatusWatch.lines(status(10_000, pool("a", 1, 0, 0)), null, running("a", "b"));
        assertTrue(lines.stream().anyMatch(line -> line.endsWith("/of-a")), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.endsWith("/of-b")), lines::toString);
    }

    @Test
    void aFrameIsCutToTheTerminalAndLeavesNothingOfTheLastOne() {
        String frame = Screen.frame(List.of("12345", "b", "c"), 2, 3);
        assertEquals("\u001b[H123\u001b[K\r\nb\u001b[K", frame);
        assertEquals("\u001b[Hx\u001b[K\r\n\u001b[J", Screen.frame(List.of("x"), 2, 3));
    }

    @Test
    void figuresAreShort() {
        assertEquals("99999", Shown.count(99_999));
        assertEquals("123k", Shown.count(123_456));
        assertEquals("1.5M", Shown.count(1_500_000));
        assertEquals("512B", Shown.bytes(512));
        assertEquals("1.0k", Shown.bytes(1024));
        assertEquals("37M", Shown.bytes(39_000_000));
        assertEquals("0.3ms", Shown.seconds(0.0003));
        assertEquals("12ms", Shown.seconds(0.012));
        assertEquals("1.2s", Shown.seconds(1.24));
        assertEquals("-", Shown.seconds(Double.NaN));
        assertEquals("0.9s", Shown.lasted(999_999));
        assertEquals("59.9s", Shown.lasted(59_990_000));
        assertEquals("1:00", Shown.lasted(60_000_000));
        assertEquals("1:01:01", Shown.lasted(3_661_000_000L));
        assertEquals("2d 03:04", Shown.lasted((2 * 86400 + 3 * 3600 + 4 * 60) * 1_000_000L));
    }
}
