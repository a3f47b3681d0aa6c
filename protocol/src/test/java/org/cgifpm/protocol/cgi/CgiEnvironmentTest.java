package org.cgifpm.protocol.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cgifpm.protocol.cgi.CgiEnvironment.Policy;
import org.cgifpm.protocol.cgi.CgiEnvironment.Result;
import org.cgifpm.protocol.cgi.CgiEnvironment.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgiEnvironmentTest {
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final Policy OPEN = new Policy(PATH, Map.of(), false, null);
    private static final Script SCRIPT = new Script("/srv/x.py", "");

    private static Params params(String... namesAndValues) {
        Params params = new Params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    private static Map<String, String> map(Result result) {
        Map<String, String> variables = new HashMap<>();
        for (String entry : result.entries()) {
            int equals = entry.indexOf('=');
            assertNull(variables.put(entry.substring(0, equals), entry.substring(equals + 1)), "twice: " + entry);
        }
        return variables;
    }

    private static Map<String, String> environment(Policy policy, Script script, String... namesAndValues) {
        return map(CgiEnvironment.of(params(namesAndValues), policy, script));
    }

    private static Map<String, String> environment(String... namesAndValues) {
        return environment(OPEN, SCRIPT, namesAndValues);
    }

    @Test
    void isMadeFromNothing() {
        assertEquals(
                Map.of(
                        "PATH", PATH,
                        "SCRIPT_FILENAME", "/srv/x.py",
                        "GATEWAY_INTERFACE", "CGI/1.1",
                        "REQUEST_METHOD", "GET",
                        "SERVER_PROTOCOL", "HTTP/1.0",
                        "SERVER_SOFTWARE", "cgi-fpm",
                        "QUERY_STRING", ""),
                environment());
    }

    @Test
    void passesWhatAFrontEndSends() {
        Map<String, String> environment = environment(
                "QUERY_STRING", "a=b&c=%20",
                "REQUEST_METHOD", "POST",
                "CONTENT_TYPE", "text/plain",
                "CONTENT_LENGTH", "0",
                "SCRIPT_NAME", "/x.py",
                "REQUEST_URI", "/x.py?a=b&c=%20",
                "SERVER_PROTOCOL", "HTTP/2.0",
                "SERVER_SOFTWARE", "nginx/1.22",
                "REMOTE_USER", "",
                "AUTH_TYPE", "Basic",
                "GIT_HTTP_EXPORT_ALL", "",
                "proxy-nokeepalive", "1",
                "SSL_CLIENT_S_DN", "CN=x",
                "HTTP_HOST", "example.com:80",
                "HTTP_X_BYTES", "\u00e4\u00ff");

        assertEquals("a=b&c=%20", environment.get("QUERY_STRING"));
        assertEquals("POST", environment.get("REQUEST_METHOD"));
        assertEquals("text/plain", environment.get("CONTENT_TYPE"));
        assertEquals("0", environment.get("CONTENT_LENGTH"));
        assertEquals("/x.py", environment.get("SCRIPT_NAME"));
        assertEquals("HTTP/2.0", environment.get("SERVER_PROTOCOL"));
        assertEquals("nginx/1.22", environment.get("SERVER_SOFTWARE"));
        assertEquals("", environment.get("REMOTE_USER"));
        assertEquals("Basic", environment.get("AUTH_TYPE"));
        assertEquals("", environment.get("GIT_HTTP_EXPORT_ALL"));
        assertEquals("1", environment.get("proxy-nokeepalive"));
        assertEquals("CN=x", environment.get("SSL_CLIENT_S_DN"));
        assertEquals("example.com:80", environment.get("HTTP_HOST"));
        assertEquals("\u00e4\u00ff", environment.get("HTTP_X_BYTES"));
    }

    @Test
    void joinsRepeatedHeadersAndLetsTheLastOfOthersStand() {
        Map<String, String> environment = environment(
                "HTTP_X_FOO", "val1",
                "HTTP_COOKIE", "nom=NOM",
                "HTTPS", "off",
                "HTTP_X_FOO", "val2",
                "HTTP_X_FOO", "val3",
                "HTTP_COOKIE", "yum=YUM",
                "HTTP_X_GAP", "",
                "HTTP_X_GAP", "a",
                "HTTP_X_GAP", "",
                "HTTPS", "on",
                "SCRIPT_NAME", "/a",
                "SCRIPT_NAME", "/b",
                "REMOTE_USER", "x",
                "REMOTE_USER", "");

        assertEquals("val1, val2, val3", environment.get("HTTP_X_FOO"));
        assertEquals("nom=NOM; yum=YUM", environment.get("HTTP_COOKIE"));
        assertEquals("a", environment.get("HTTP_X_GAP"));
        assertEquals("on", environment.get("HTTPS"));
        assertEquals("/b", environment.get("SCRIPT_NAME"));
        assertEquals("", environment.get("REMOTE_USER"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP_PROXY",
                "http_proxy",
                "HTTPS_PROXY",
                "all_proxy",
                "PATH",
                "HOME",
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "PYTHONPATH",
                "PYTHONSTARTUP",
                "PERL5LIB",
                "PERL5OPT",
                "PERLLIB",
                "RUBYOPT",
                "NODE_OPTIONS",
                "BASH_ENV",
                "BASH_FUNC_x%%",
                "ENV",
                "IFS",
                "SHELLOPTS",
                "BASHOPTS",
                "PS4",
                "GLIBC_TUNABLES",
                "GCONV_PATH",
                "LOCPATH",
                "NLSPATH",
                "MALLOC_CHECK_",
                "HOSTALIASES",
                "RES_OPTIONS",
                "LOCALDOMAIN",
                "JAVA_TOOL_OPTIONS",
                "_JAVA_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "CLASSPATH",
                "LUA_PATH",
                "LUA_PATH_5_4",
                "LUA_CPATH",
                "LUA_INIT",
                "TCLLIBPATH",
                "PHPRC",
                "PHP_INI_SCAN_DIR",
                "PHP_VALUE",
                "PHP_ADMIN_VALUE",
                "PHP_FCGI_CHILDREN",
                "GIT_EXEC_PATH",
                "GIT_SSH_COMMAND",
                "GIT_CONFIG_COUNT",
                "GIT_DIR",
                "GIT_TRACE",
                "GIT_",
                "OPENSSL_CONF",
                "SSLKEYLOGFILE",
                "ZDOTDIR",
                "LESSOPEN",
                "XDG_CONFIG_HOME",
                "NOTIFY_SOCKET",
                "LISTEN_FDS",
                "FCGI_ROLE",
                "DBUS_SESSION_BUS_ADDRESS",
                "TMPDIR",
            })
    void neverPassesNamesThatLoadersAndInterpretersObey(String name) {
        for (Policy policy :
                List.of(new Policy(PATH, Map.of(), true, null), new Policy(PATH, Map.of(), true, List.of("*", name)))) {
            Result result = CgiEnvironment.of(params(name, "evil", name, "worse"), policy, SCRIPT);

            assertEquals(List.of(name), result.dropped());
            assertEquals(name.equals("PATH") ? PATH : null, map(result).get(name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP_X_PROXY",
                "HTTP_LD_PRELOAD",
                "HTTP_PATH",
                "PATHS",
                "TZ",
                "GIT_PROJECT_ROOT",
                "GIT_PROTOCOL",
                "GIT_NAMESPACE",
                "GIT_HTTP_MAX_REQUEST_BUFFER",
                "GITOLITE_HTTP_HOME",
                "GITWEB_CONFIG",
                "ENVIRONMENT",
                "DOCUMENT_ROOT",
                "REDIRECT_STATUS",
                "SSL_CIPHER",
                "USER",
                "APP_ENV",
            })
    void passesNamesThatOnlyLookSimilar(String name) {
        Result result = CgiEnvironment.of(params(name, "value"), OPEN, SCRIPT);

        assertEquals(List.of(), result.dropped());
        assertEquals("value", map(result).get(name));
    }

    @Test
    void passesCredentialsOnlyWhenToldTo() {
        String[] credentials = {
            "HTTP_AUTHORIZATION",
            "Basic eA==",
            "REDIRECT_HTTP_AUTHORIZATION",
            "Basic eA==",
            "HTTP_PROXY_AUTHORIZATION",
            "x"
        };
        Result without = CgiEnvironment.of(params(credentials), OPEN, SCRIPT);
        Result with = CgiEnvironment.of(params(credentials), new Policy(PATH, Map.of(), true, null), SCRIPT);

        assertEquals(
                List.of("HTTP_AUTHORIZATION", "REDIRECT_HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"),
                without.dropped());
        assertFalse(map(without).containsKey("HTTP_AUTHORIZATION"));
        assertEquals("Basic eA==", map(with).get("HTTP_AUTHORIZATION"));
        assertEquals(List.of(), with.dropped());
    }

    @Test
    void dropsNamesAndValuesThatAnEnvironmentCannotHold() {
        Result result = CgiEnvironment.of(
                params("", "x", "A=B", "x", "A\u0000", "x", "A\nB", "x", "\u007f", "x", "C", "a\u0000b", "D", "a\nb"),
                OPEN,
                SCRIPT);

        assertEquals(List.of("", "A=B", "A\u0000", "A\nB", "\u007f", "C"), result.dropped());
        assertEquals("a\nb", map(result).get("D"));
        for (String entry : result.entries()) {
            assertEquals(-1, entry.indexOf('\0'), entry);
        }
    }

    @Test
    void unsetsWhatIsEmptyWhereEmptyMeansSomethingElse() {
        Map<String, String> environment = environment(
                "PATH_INFO", "", "CONTENT_LENGTH", "", "CONTENT_TYPE", "", "PATH_TRANSLATED", "/srv", "X", "");

        assertFalse(environment.containsKey("PATH_INFO"));
        assertFalse(environment.containsKey("CONTENT_LENGTH"));
        assertFalse(environment.containsKey("CONTENT_TYPE"));
        assertFalse(environment.containsKey("PATH_TRANSLATED"), "no PATH_INFO, no PATH_TRANSLATED");
        assertEquals("", environment.get("X"));
    }

    @Test
    void saysLengthAndTypeOfTheBodyOnce() {
        Result result = CgiEnvironment.of(
                params("CONTENT_LENGTH", "5", "HTTP_CONTENT_LENGTH", "6", "HTTP_CONTENT_TYPE", "a/b"), OPEN, SCRIPT);

        assertEquals("5", map(result).get("CONTENT_LENGTH"));
        assertFalse(map(result).containsKey("HTTP_CONTENT_LENGTH"));
        assertFalse(map(result).containsKey("HTTP_CONTENT_TYPE"));
        assertEquals(List.of(), result.dropped(), "nothing is lost, so nothing is reported");
    }

    @Test
    void placesTheScriptWhereTheWalkFoundIt() {
        Map<String, String> environment = environment(
                OPEN,
                new Script("/srv/cgi/x.py", "/extra/path"),
                "SCRIPT_FILENAME",
                "proxy:fcgi://h/srv/cgi/x.py/extra/path",
                "SCRIPT_NAME",
                "/cgi/x.py/extra/path",
                "PATH_INFO",
                "/wrong",
                "PATH_TRANSLATED",
                "/wrong",
                "DOCUMENT_ROOT",
                "/srv/www/");

        assertEquals("/srv/cgi/x.py", environment.get("SCRIPT_FILENAME"));
        assertEquals("/cgi/x.py", environment.get("SCRIPT_NAME"));
        assertEquals("/extra/path", environment.get("PATH_INFO"));
        assertEquals("/srv/www/extra/path", environment.get("PATH_TRANSLATED"));
    }

    @Test
    void doesNotCutAScriptNameThatHasNoPathInfoInIt() {
        Map<String, String> environment = environment(
                OPEN, new Script("/srv/cgi/x.py", "/extra"), "SCRIPT_NAME", "/cgi/x.py", "PATH_TRANSLATED", "/wrong");

        assertEquals("/cgi/x.py", environment.get("SCRIPT_NAME"));
        assertEquals("/extra", environment.get("PATH_INFO"));
        assertFalse(environment.containsKey("PATH_TRANSLATED"), "unknown without DOCUMENT_ROOT");
    }

    @Test
    void leavesTheFrontEndsPathInfoWhenTheWalkFoundNone() {
        Map<String, String> environment = environment(
                OPEN,
                new Script("/usr/lib/git-core/git-http-backend", ""),
                "PATH_INFO",
                "/repo.git/info/refs",
                "PATH_TRANSLATED",
                "/srv/repo.git/info/refs",
                "DOCUMENT_ROOT",
                "/var/www");

        assertEquals("/repo.git/info/refs", environment.get("PATH_INFO"));
        assertEquals("/srv/repo.git/info/refs", environment.get("PATH_TRANSLATED"));
    }

    @Test
    void poolsEnvironmentComesLastAndWins() {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", "/opt/bin");
        env.put("HOME", "/home/legacy");
        env.put("HTTP_PROXY", "http://proxy:3128");
        env.put("SERVER_SOFTWARE", "mine");
        Result result = CgiEnvironment.of(
                params("HOME", "/tmp/evil", "SERVER_SOFTWARE", "nginx"), new Policy(PATH, env, false, null), SCRIPT);

        Map<String, String> environment = map(result);
        assertEquals("/opt/bin", environment.get("PATH"));
        assertEquals("/home/legacy", environment.get("HOME"));
        assertEquals("http://proxy:3128", environment.get("HTTP_PROXY"));
        assertEquals("mine", environment.get("SERVER_SOFTWARE"));
        assertEquals(List.of("HOME"), result.dropped());
    }

    @Test
    void anAllowListPassesCgiNamesHeadersAndWhatItLists() {
        Policy listed = new Policy(PATH, Map.of(), false, List.of("GIT_*", "TZ"));
        Result result = CgiEnvironment.of(
                params(
                        "TZ", "UTC",
                        "GIT_PROJECT_ROOT", "/git",
                        "GIT_SSH_COMMAND", "evil",
                        "HTTP_X", "x",
                        "HTTPS", "on",
                        "SCRIPT_NAME", "/x",
                        "APP_ENV", "prod",
                        "TZX", "x",
                        "APP_ENV", "prod"),
                listed,
                SCRIPT);

        Set<String> names = new TreeSet<>(map(result).keySet());
        assertTrue(names.containsAll(Set.of("TZ", "GIT_PROJECT_ROOT", "HTTP_X", "HTTPS", "SCRIPT_NAME")));
        assertEquals(List.of("GIT_SSH_COMMAND", "APP_ENV", "TZX"), result.dropped());
    }

    @Test
    void anEmptyAllowListPassesOnlyCgiNames() {
        Result result = CgiEnvironment.of(
                params("SERVER_NAME", "h", "X", "y"), new Policy(PATH, Map.of(), false, List.of()), SCRIPT);

        assertEquals("h", map(result).get("SERVER_NAME"));
        assertEquals(List.of("X"), result.dropped());
    }

    @Test
    void namesTheFirstVariableThatIsTooLargeForTheKernel() {
        String fits = "v".repeat(CgiEnvironment.MAX_ENTRY - "HTTP_X=".length() - 1);

        assertNull(CgiEnvironment.of(params("HTTP_X", fits), OPEN, SCRIPT).tooLarge());
        assertEquals(
                "HTTP_X",
                CgiEnvironment.of(params("HTTP_X", fits + "v", "HTTP_Y", fits + "vv"), OPEN, SCRIPT)
                        .tooLarge());
        assertEquals(
                "HTTP_X",
                CgiEnvironment.of(params("HTTP_X", fits, "HTTP_X", "v"), OPEN, SCRIPT)
                        .tooLarge());
    }

    @Test
    void countsTheBytesThatTheKernelCopies() {
        Result result = CgiEnvironment.of(params("HTTP_X", "\u00e4"), OPEN, SCRIPT);

        long expected = 0;
        for (String entry : result.entries()) {
            expected += entry.length() + 1;
        }
        assertEquals(expected, result.bytes());
    }

    @Test
    void aThousandCopiesOfAHeaderAreAllThere() {
        Params params = new Params();
        for (int i = 0; i < 1000; i++) {
            params.add("HTTP_X", "v");
        }

        assertEquals(
                "v" + ", v".repeat(999),
                map(CgiEnvironment.of(params, OPEN, SCRIPT)).get("HTTP_X"));
    }
}
