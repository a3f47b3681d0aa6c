package org.cgifpm.protocol.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cgifpm.protocol.cgi.CgiEnvironment.Policy;
import org.cgifpm.protocol.cgi.CgiEnvironment.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayedParamsTest {
    private static final Policy OPEN = new Policy("/usr/bin:/bin", Map.of("TZ", "UTC"), false, null);
    private static final RelayedParams RELAYED = new RelayedParams(OPEN);

    private static Params params(String... namesAndValues) {
        Params params = new Params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    private static Map<String, String> map(Params params) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Params.Param param : params.all()) {
            assertNull(map.put(param.name(), param.value()), "twice: " + param.name());
        }
        return map;
    }

    private static Map<String, String> relayed(String... namesAndValues) {
        return map(RELAYED.of(params(namesAndValues)).params());
    }

    @Test
    void whatNeedsNoChangeIsNotCopied() {
        Params sent = params(
                "QUERY_STRING", "",
                "REQUEST_METHOD", "GET",
                "SCRIPT_FILENAME", "/srv/app?x",
                "HTTP_HOST", "h",
                "HTTP_COOKIE", "a=b",
                "REMOTE_USER", "");
        RelayedParams.Result result = RELAYED.of(sent);
        assertSame(sent, result.params());
        assertEquals(List.of(), result.dropped());
    }

    @Test
    void nothingIsAdded() {
        assertEquals(Map.of(), relayed());
        assertEquals(Map.of("HTTP_HOST", "h"), relayed("HTTP_HOST", "h"));
    }

    @Test
    void emptyLengthTypeAndPathInfoAreUnset() {
        assertEquals(
                Map.of("REQUEST_METHOD", "GET", "REMOTE_USER", ""),
                relayed(
                        "CONTENT_TYPE", "",
                        "REQUEST_METHOD", "GET",
                        "CONTENT_LENGTH", "",
                        "PATH_TRANSLATED", "/srv/www",
                        "PATH_INFO", "",
                        "REMOTE_USER", ""));
        assertEquals(
                Map.of("PATH_INFO", "/x", "PATH_TRANSLATED", "/srv/www/x"),
                relayed("PATH_TRANSLATED", "/srv/www/x", "PATH_INFO", "/x"));
    }

    @Test
    void theBodysLengthAndTypeAreSaidOnce() {
        RelayedParams.Result result = RELAYED.of(
                params("CONTENT_LENGTH", "5", "HTTP_CONTENT_LENGTH", "6", "HTTP_CONTENT_TYPE", "a/b", "A", "b"));
        assertEquals(Map.of("CONTENT_LENGTH", "5", "A", "b"), map(result.params()));
        assertEquals(List.of(), result.dropped());
    }

    @Test
    void repeatedHeadersAreJoinedAndTheLastOfOthersStands() {
        assertEquals(
                Map.of("HTTP_X", "1, 2", "HTTP_COOKIE", "a=1; b=2", "SCRIPT_FILENAME", "/srv/second"),
                relayed(
                        "HTTP_X", "1",
                        "SCRIPT_FILENAME", "/srv/first",
                        "HTTP_COOKIE", "a=1",
                        "HTTP_X", "2",
                        "SCRIPT_FILENAME", "/srv/second",
                        "HTTP_COOKIE", "b=2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP_PROXY",
                "http_proxy",
                "LD_PRELOAD",
                "PATH",
                "PYTHONPATH",
                "PERL5OPT",
                "PHP_VALUE",
                "PHP_ADMIN_VALUE",
                "FCGI_WEB_SERVER_ADDRS",
                "FCGI_DATA_X",
                "HTTP_AUTHORIZATION",
                "A=B",
                "",
            })
    void neverPassesWhatScriptsDoNotGetEither(String name) {
        for (String value : new String[] {"evil", ""}) {
            RelayedParams.Result result = RELAYED.of(params("HTTP_HOST", "h", name, value));
            assertEquals(Map.of("HTTP_HOST", "h"), map(result.params()));
            assertEquals(List.of(name), result.dropped());
        }
    }

    @Test
    void aValueWithANulIsDropped() {
        RelayedParams.Result result = RELAYED.of(params("HTTP_X", "a\0b", "PATH_INFO", "/\0", "PATH_TRANSLATED", "/t"));
        assertEquals(Map.of(), map(result.params()));
        assertEquals(List.of("HTTP_X", "PATH_INFO"), result.dropped());
    }

    @Test
    void credentialsPassWhereThePoolSaysSo() {
        RelayedParams relayed = new RelayedParams(new Policy("/bin", Map.of(), true, null));
        Params sent = params("HTTP_AUTHORIZATION", "Basic eA==");
        assertSame(sent, relayed.of(sent).params());
    }

    @Test
    void whatBelongsToARolePassesAlsoBesideAnAllowList() {
        RelayedParams relayed = new RelayedParams(new Policy("/bin", Map.of(), false, List.of("APP_*")));
        RelayedParams.Result result = relayed.of(params(
                "FCGI_ROLE", "FILTER",
                "FCGI_DATA_LAST_MOD", "0",
                "FCGI_DATA_LENGTH", "5",
                "APP_ENV", "prod",
                "OTHER", "x"));
        assertEquals(
                Map.of("FCGI_ROLE", "FILTER", "FCGI_DATA_LAST_MOD", "0", "FCGI_DATA_LENGTH", "5", "APP_ENV", "prod"),
                map(result.params()));
        assertEquals(List.of("OTHER"), result.dropped());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/srv/app, /srv/app",
        "/srv/a?b, /srv/a?b",
        "proxy:fcgi://localhost:9000/srv/app/x?q=1, /srv/app/x",
        "proxy:unix:/run/s|fcgi://host/srv/app, /srv/app",
        "proxy:fcgi://localhost, ''",
    })
    void whatApachePutsAroundAFileNameIsCutOff(String sent, String relayed) {
        assertEquals(Map.of("A", "b", "SCRIPT_FILENAME", relayed), relayed("A", "b", "SCRIPT_FILENAME", sent), "alone");
        assertEquals(
                Map.of("SCRIPT_FILENAME", relayed), relayed("SCRIPT_FILENAME", "/x", "SCRIPT_FILENAME", sent), "twice");
    }

    @Test
    void aScriptOfItsOwnIsPlacedAsForCgi() {
        Params sent = params(
                "SCRIPT_FILENAME", "/srv/cgi/x.fcgi/extra",
                "SCRIPT_NAME", "/cgi/x.fcgi/extra",
                "PATH_INFO", "",
                "PATH_TRANSLATED", "/wrong",
                "DOCUMENT_ROOT", "/srv/www");
        Map<String, String> relayed =
                map(RELAYED.of(sent, new Script("/srv/cgi/x.fcgi", "/extra")).params());
        assertEquals(
                Map.of(
                        "SCRIPT_FILENAME", "/srv/cgi/x.fcgi",
                        "SCRIPT_NAME", "/cgi/x.fcgi",
                        "PATH_INFO", "/extra",
                        "PATH_TRANSLATED", "/srv/www/extra",
                        "DOCUMENT_ROOT", "/srv/www"),
                relayed);
    }

    @Test
    void whatTheFrontEndSentStaysAsItWas() {
        Params sent = params("CONTENT_TYPE", "", "SCRIPT_FILENAME", "proxy:fcgi://h/srv/x", "HTTP_X", "1");
        assertNotSame(sent, RELAYED.of(sent).params());
        assertEquals(3, sent.all().size());
        assertEquals("proxy:fcgi://h/srv/x", sent.get("SCRIPT_FILENAME"));
    }

    /** The quick way and the thorough one are the same rules. */
    @Test
    void theQuickWayGivesWhatTheThoroughOneGives() {
        long seed = System.nanoTime();
        System.out.println("theQuickWayGivesWhatTheThoroughOneGives: seed " + seed);
        Random random = new Random(seed);
        String[] names = {
            "PATH_INFO",
            "PATH_TRANSLATED",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
            "SCRIPT_FILENAME",
            "SCRIPT_NAME",
            "HTTP_X",
            "HTTP_COOKIE",
            "HTTP_PROXY",
            "HTTP_CONTENT_LENGTH",
            "HTTP_AUTHORIZATION",
            "FCGI_ROLE",
            "LD_X",
            "HTTPS",
            "X",
            "-x",
            "A1",
            "BP",
            "DOCUMENT_ROOT",
            "REQUEST_METHOD",
        };
        String[] values = {"", "", "/a", "b", "proxy:fcgi://h/s?q", "\0"};
        for (int run = 0; run < 20_000; run++) {
            Params sent = new Params();
            for (int i = random.nextInt(6); i >= 0; i--) {
                sent.add(names[random.nextInt(names.length)], values[random.nextInt(values.length)]);
            }
            RelayedParams.Result thorough = RELAYED.thorough(sent, null);
            RelayedParams.Result result = RELAYED.of(sent);
            assertEquals(
                    map(thorough.params()),
                    map(result.params()),
                    () -> sent.all().toString());
            assertEquals(thorough.dropped(), result.dropped());
        }
    }

    /** Names whose hashes are all the same, as a client may choose the names of its headers. */
    @Test
    void namesChosenToBeSlowToTellApartAreToldApart() {
        Params sent = new Params();
        for (int i = 0; i < 2048; i++) {
            StringBuilder name = new StringBuilder("HTTP_");
            for (int bit = 0; bit < 11; bit++) {
                name.append((i >> bit & 1) == 0 ? "BP" : "C1");
            }
            sent.add(name.toString(), "v");
        }
        assertEquals(
                1,
                sent.all().stream()
                        .map(param -> param.name().hashCode())
                        .distinct()
                        .count());
        assertEquals(2048, map(RELAYED.of(sent).params()).size());
    }

    @Test
    void manyDifferentNamesNeedNoCopy() {
        Params sent = new Params();
        for (int i = 0; i < 2048; i++) {
            sent.add("HTTP_X" + i * 7919, "v");
        }
        assertSame(sent, RELAYED.of(sent).params());
    }
}
