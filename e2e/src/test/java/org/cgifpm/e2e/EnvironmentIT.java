package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script finds in its environment: the request, the pool's own variables, and nothing else. */
class EnvironmentIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Caller caller;
    private static Caller withAuthorization;
    private static Caller withAllowList;

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("plain").environment("GREETING", "from the pool");
        Pool authorized = LAB.unixPool("authorized").set("pass_authorization", true);
        Pool allowing = LAB.unixPool("allowing").list("pass_params", "SSL_*", "APP_MODE");
        LAB.start(
                LAB.starter().pool(pool).pool(authorized).pool(allowing).environment("SECRET_OF_THE_DAEMON", "leaked"));
        caller = new Caller(pool.address(), LAB.site().root());
        withAuthorization = new Caller(authorized.address(), LAB.site().root());
        withAllowList = new Caller(allowing.address(), LAB.site().root());
    }

    @Test
    void holdsTheRequestThePathAndThePoolsVariablesAndNothingElse() throws IOException {
        Map<String, String> params = caller.params("/environment.py", "a=b&c=%20d");
        params.put("REMOTE_PORT", "50111");
        params.put("HTTP_ACCEPT", "text/html");

        Map<String, String> environment =
                CommonRequests.environment(caller.call(params).answer());

        Set<String> expected = new TreeSet<>(params.keySet());
        expected.addAll(Set.of("PATH", "GREETING", "SCRATCH", "E2E_MARK"));
        assertEquals(expected, environment.keySet());
        params.forEach((name, value) -> assertEquals(value, environment.get(name), name));
        assertEquals("/usr/local/bin:/usr/bin:/bin", environment.get("PATH"));
        assertEquals("from the pool", environment.get("GREETING"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP_PROXY",
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "LD_AUDIT",
                "PYTHONPATH",
                "PYTHONSTARTUP",
                "PYTHONHOME",
                "PERL5LIB",
                "PERL5OPT",
                "RUBYOPT",
                "RUBYLIB",
                "NODE_OPTIONS",
                "BASH_ENV",
                "ENV",
                "IFS",
                "GLIBC_TUNABLES",
                "HTTP_AUTHORIZATION",
                "GCONV_PATH",
                "LOCPATH",
                "MALLOC_CHECK_"
            })
    void neverPasses(String name) throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put(name, "/tmp/evil");

        Map<String, String> environment =
                CommonRequests.environment(caller.call(params).answer());

        assertFalse(environment.containsKey(name), environment::toString);
    }

    @Test
    void doesNotTakeThePathOfTheFrontEnd() throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put("PATH", "/tmp/evil");

        assertEquals("/usr/local/bin:/usr/bin:/bin", environment(params).get("PATH"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH_INFO", "CONTENT_LENGTH", "CONTENT_TYPE"})
    void unsetsWhatIsEmpty(String name) throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put(name, "");

        assertFalse(environment(params).containsKey(name));
    }

    @Test
    void keepsOtherEmptyValues() throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put("GIT_HTTP_EXPORT_ALL", "");

        assertEquals("", environment(params).get("GIT_HTTP_EXPORT_ALL"));
    }

    @Test
    void joinsRepeatedFieldsAndTakesTheLastOfAnythingElse() throws IOException {
        Map<String, String> environment = environmentOf(Wire.join(
                Wire.pairs(caller.params("/hello.sh")),
                Wire.pairs(Map.of("HTTP_X_FOO", "a")),
                Wire.pairs(Map.of("HTTP_COOKIE", "nom=NOM")),
                Wire.pairs(Map.of("HTTP_X_FOO", "b")),
                Wire.pairs(Map.of("HTTP_COOKIE", "yum=YUM")),
                Wire.pairs(Map.of(
                        "SCRIPT_FILENAME", LAB.site().script("environment.py").toString()))));

        assertEquals("a, b", environment.get("HTTP_X_FOO"));
        assertEquals("nom=NOM; yum=YUM", environment.get("HTTP_COOKIE"));
        assertTrue(environment.getOrDefault("SCRIPT_FILENAME", "").endsWith("/environment.py"));
    }

    @Test
    void passesAuthorizationWhereThePoolWantsIt() throws IOException {
        Map<String, String> params = withAuthorization.params("/environment.py");
        params.put("HTTP_AUTHORIZATION", "Basic dTpw");

        Map<String, String> environment =
                CommonRequests.environment(withAuthorization.call(params).answer());

        assertEquals("Basic dTpw", environment.get("HTTP_AUTHORIZATION"));
    }

    @Test
    void passesOnlyListedParamsWhereThereIsAList() throws IOException {
        Map<String, String> params = withAllowList.params("/environment.py");
        params.put("SSL_PROTOCOL", "TLSv1.3");
        params.put("APP_MODE", "test");
        params.put("APP_OTHER", "x");
        params.put("LD_PRELOAD", "x");

        Map<String, String> environment =
                CommonRequests.environment(withAllowList.call(params).answer());

        assertEquals("TLSv1.3", environment.get("SSL_PROTOCOL"));
        assertEquals("test", environment.get("APP_MODE"));
        assertFalse(environment.containsKey("APP_OTHER"), environment::toString);
        assertFalse(environment.containsKey("LD_PRELOAD"), environment::toString);
        assertEquals("GET", environment.get("REQUEST_METHOD"));
    }

    @ParameterizedTest
    @CsvSource({
        "/environment.py,             /environment.py, ''",
        "/environment.py/,            /environment.py, /",
        "/environment.py/a/b,         /environment.py, /a/b",
        "/environment.py/a//b/../c,   /environment.py, /a//b/../c",
        "/environment.py/a%2Fb,       /environment.py, /a%2Fb",
        "/environment.py/x.py,        /environment.py, /x.py",
        "/sub/../environment.py/a,    403, 403",
    })
    void splitsPathInfoWhereTheFileEnds(String path, String name, String info) throws IOException {
        Map<String, String> params = caller.params(path);
        Answer answer = caller.call(params).answer();
        if (name.equals("403")) {
            assertEquals(403, answer.status(), answer::toString);
            return;
        }

        Map<String, String> environment = CommonRequests.environment(answer);

        assertEquals(LAB.site().root() + name, environment.get("SCRIPT_FILENAME"));
        assertEquals(name, environment.get("SCRIPT_NAME"));
        assertEquals(info, environment.getOrDefault("PATH_INFO", ""));
        if (info.isEmpty()) {
            assertFalse(environment.containsKey("PATH_TRANSLATED"), environment::toString);
        } else {
            assertEquals(LAB.site().root() + info, environment.get("PATH_TRANSLATED"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy:fcgi://127.0.0.1:9000%s/environment.py",
                "proxy:fcgi://localhost%s/environment.py",
                "proxy:balancer://pool%s/environment.py",
                "proxy:fcgi://localhost%s/environment.py?a=b"
            })
    void understandsApachesScriptFilename(String form) throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put("SCRIPT_FILENAME", form.formatted(LAB.site().root()));

        assertEquals(
                LAB.site().script("environment.py").toString(),
                environment(params).get("SCRIPT_FILENAME"));
    }

    @Test
    void findsTheScriptByDocumentRootAndScriptName() throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.remove("SCRIPT_FILENAME");

        assertEquals(
                LAB.site().script("environment.py").toString(),
                environment(params).get("SCRIPT_FILENAME"));
    }

    @Test
    void passesBytesUnchanged() throws IOException {
        StringBuilder every = new StringBuilder();
        for (char c = 1; c < 256; c++) {
            every.append(c);
        }
        Map<String, String> params = caller.params("/environment.py");
        params.put("HTTP_X_BYTES", every.toString());

        assertEquals(every.toString(), environment(params).get("HTTP_X_BYTES"));
    }

    @Test
    void passesAVariableOf70000Bytes() throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put("HTTP_X_LONG", "x".repeat(70_000));

        assertEquals("x".repeat(70_000), environment(params).get("HTTP_X_LONG"));
    }

    @Test
    void answers431ForAVariableThatTheKernelWouldRefuse() throws IOException {
        Map<String, String> params = caller.params("/environment.py");
        params.put("HTTP_X_LONG", "x".repeat(132_000));

        assertEquals(431, caller.call(params).answer().status());
        assertEquals(200, caller.get("/hello.sh").answer().status());
    }

    @Test
    void answers431ForTooManyParams() throws IOException {
        Map<String, String> params = new LinkedHashMap<>(caller.params("/environment.py"));
        for (int i = 0; i < 100_000; i++) {
            params.put("HTTP_X_" + i, "v");
        }

        assertEquals(431, caller.call(params).answer().status());
        assertEquals(200, caller.get("/hello.sh").answer().status());
    }

    private static Map<String, String> environment(Map<String, String> params) throws IOException {
        return CommonRequests.environment(caller.call(params).answer());
    }

    /** For params that no map can hold: the same name twice. */
    private static Map<String, String> environmentOf(byte[] pairs) throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.begin(1, false), Wire.stream(RecordType.PARAMS, 1, pairs), Wire.end(RecordType.PARAMS, 1));
            client.send(Wire.end(RecordType.STDIN, 1));
            return CommonRequests.environment(client.awaitEnd(1).answer());
        }
    }
}
