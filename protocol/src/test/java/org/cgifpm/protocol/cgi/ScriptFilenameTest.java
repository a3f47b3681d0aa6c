package org.cgifpm.protocol.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptFilenameTest {
    private static Params params(String... namesAndValues) {
        Params params = new Params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/srv/x.py, /srv/x.py",
        "/srv/x.py/pi, /srv/x.py/pi",
        "/srv/what?.py, /srv/what?.py",
        "/srv/Ä.py, /srv/Ä.py",
        "proxy:fcgi://localhost/srv/x.py, /srv/x.py",
        "proxy:fcgi://localhost:9000/srv/x.py/pi, /srv/x.py/pi",
        "proxy:fcgi://127.0.0.1:9000/srv/x.py?a=/b, /srv/x.py",
        "proxy:fcgi://[::1]:9000/srv/x.py, /srv/x.py",
        "proxy:fcgi://h2/srv/x.py, /srv/x.py",
        "proxy:fcgi://h2//srv//x.py, //srv//x.py",
        "proxy:balancer://name/srv/x.py, /srv/x.py",
        "proxy:unix:/run/a.sock|fcgi://localhost/srv/x.py, /srv/x.py",
        "proxy:unix:/run/a.sock|fcgi://localhost:8000/srv/x.py?q, /srv/x.py",
        "proxy:something, proxy:something",
        "srv/x.py, srv/x.py",
    })
    void takesOffWhatApachePutsInFront(String filename, String path) {
        assertEquals(path, ScriptFilename.of(params("SCRIPT_FILENAME", filename)));
    }

    @Test
    void ofTwoTheLastCounts() {
        assertEquals("/b", ScriptFilename.of(params("SCRIPT_FILENAME", "/a", "SCRIPT_FILENAME", "/b")));
    }

    @ParameterizedTest(name = "{0} + {1} -> {2}")
    @CsvSource({
        "/srv, /x.py, /srv/x.py",
        "/srv/, /x.py, /srv/x.py",
        "/srv, x.py, /srv/x.py",
        "/srv/, x.py, /srv/x.py",
        "/, /x.py, /x.py",
    })
    void makesAPathOfDocumentRootAndScriptName(String root, String name, String path) {
        assertEquals(path, ScriptFilename.of(params("DOCUMENT_ROOT", root, "SCRIPT_NAME", name)));
        assertEquals(
                path, ScriptFilename.of(params("SCRIPT_FILENAME", "", "DOCUMENT_ROOT", root, "SCRIPT_NAME", name)));
        assertEquals(
                path,
                ScriptFilename.of(
                        params("SCRIPT_FILENAME", "proxy:fcgi://host", "DOCUMENT_ROOT", root, "SCRIPT_NAME", name)));
    }

    @Test
    void isNullWhenNothingNamesAFile() {
        assertNull(ScriptFilename.of(params()));
        assertNull(ScriptFilename.of(params("SCRIPT_FILENAME", "")));
        assertNull(ScriptFilename.of(params("DOCUMENT_ROOT", "/srv")));
        assertNull(ScriptFilename.of(params("SCRIPT_NAME", "/x.py")));
        assertNull(ScriptFilename.of(params("DOCUMENT_ROOT", "/srv", "SCRIPT_NAME", "")));
    }
}
