package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/.//, /",
        "/./, /",
        "/a, /a",
        "//a, /a",
        "/./a, /a",
        "/./C%3A/, /C%3A/",
        "/a/b/, /a/b/",
        "/a/b/., /a/b/",
        "/a/b/c/.., /a/b/",
        "/a/b/c/../d, /a/b/d",
        "/a/b/c/../d/e/../f, /a/b/d/f",
        "/a/b/c/../d/e/../../f, /a/b/f",
        "/a/b/c/../d/e/.././././..//f, /a/b/f",
        "/a/b/c/../d/e/../../../f, /a/f",
        "/a/b/c/../d/e/../../../../f, /f",
        "/a/b/c/../d/e/../../../../f/.., /",
        "/a/b/c/../d/e/../../../../f/../., /",
        "/a//.., /",
        "/a/%2e%2E/b, /b",
        "/%61%20%C3%A9, /a%20%C3%A9",
        "/a+b, /a%2Bb",
        "/..a/b.., /..a/b..",
        "/a\\..\\b, /a%5C..%5Cb",
    })
    void resolvesDotsAndRepeatedSlashes(String raw, String url) throws Exception {
        assertEquals(url, RequestPath.of(raw).url());
    }

    @ParameterizedTest
    @CsvSource({
        "/.., 400",
        "/.//.., 400",
        "/a/b/c/../d/e/../../../../../f, 400",
        "/a/../../b, 400",
        "/%2e%2e/etc/passwd, 400",
        "/a%2fb, 404",
        "/..%2f..%2fetc/passwd, 404",
        "/a%00.py, 400",
        "/a%0d%0ab, 400",
        "/a%7f, 400",
        "/a%, 400",
        "/a%4, 400",
        "/a%zz, 400",
    })
    void refusesWhatClimbsHidesSlashesOrCannotBeDecoded(String raw, int status) {
        BadRequestException refusal = assertThrows(BadRequestException.class, () -> RequestPath.of(raw));
        assertEquals(status, refusal.status(), refusal.reason());
    }

    @Test
    void keepsRepeatedSlashesForPathInfo() throws Exception {
        assertEquals("/http://x/", RequestPath.of("/s.py/http://x/").after(0));
        assertEquals("", RequestPath.of("/s.py").after(0));
        assertEquals("/", RequestPath.of("/s.py/").after(0));
    }

    @ParameterizedTest
    @CsvSource({
        "/a?b?c=%2F, /a, b?c=%2F",
        "/a, /a, ''",
        "http://host:80/a?b, /a, b",
        "HTTP://host, /, ''",
        "http://host?q, /, q",
        "//evil/x, //evil/x, ''",
    })
    void splitsTheTargetAndLeavesTheQueryAlone(String target, String path, String query) throws Exception {
        RequestTarget split = RequestTarget.of(target);
        assertEquals(path, split.path());
        assertEquals(query, split.query());
    }

    @Test
    void refusesTargetsThatAreForProxies() {
        for (String target : new String[] {"*", "host:443", "ftp://x/", "/a#b"}) {
            assertThrows(BadRequestException.class, () -> RequestTarget.of(target), target);
        }
    }
}
