package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.logging.Level;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.daemon.log.CapturedLog;
import org.junit.jupiter.api.Test;

class RequestLogTest {
    private final RequestLog log = new RequestLog("legacy");

    private List<String> logged(FakeExchange exchange, Outcome outcome) {
        try (CapturedLog captured = new CapturedLog(Level.INFO)) {
            log.finished(exchange, outcome);
            return captured.lines();
        }
    }

    @Test
    void aRequestThatWentWellIsNotLogged() {
        assertEquals(List.of(), logged(new FakeExchange(1), new Outcome(200, "/s", null, true, null, "", -1, 0)));
    }

    @Test
    void saysWhichRequestWhatWasAnsweredWhyAndToWhom() {
        FakeExchange exchange = new FakeExchange(7, "REQUEST_METHOD", "POST", "REMOTE_ADDR", "192.0.2.1");
        assertEquals(
                List.of(
                        "WARNING pool legacy: request 7: POST /srv/a.cgi: 500: no head [client 192.0.2.1, uid 33 pid 7]"),
                logged(exchange, new Outcome(500, "/srv/a.cgi", "no head", true, null, "", -1, 0)));
        assertEquals(
                List.of("WARNING pool legacy: request 7: POST /srv/a.cgi: 200 (cut): slow [client 192.0.2.1, uid 33"
                        + " pid 7]"),
                logged(exchange, new Outcome(200, "/srv/a.cgi", "slow", false, null, "", -1, 0)));
    }

    @Test
    void namesWhatWasAskedForWhereNoScriptWasFound() {
        FakeExchange exchange = new FakeExchange(8, "REQUEST_METHOD", "GET", "SCRIPT_FILENAME", "/asked/for");
        assertEquals(
                List.of("INFO pool legacy: request 8: GET /asked/for: 404: it does not exist [uid 33 pid 7]"),
                logged(exchange, Outcome.refused(404, "", "it does not exist")));
    }

    @Test
    void nothingThatAClientSendsBeginsALineOrSteersATerminal() {
        String evil = "/a\nWARNING forged\u001b[2J\u009b\u00e2\u0080\u00ae\r";
        FakeExchange exchange =
                new FakeExchange(9, "REQUEST_METHOD", evil, "SCRIPT_FILENAME", evil, "REMOTE_ADDR", evil);
        List<String> lines = logged(exchange, Outcome.refused(403, "", evil));
        assertEquals(1, lines.size());
        for (int i = 0; i < lines.get(0).length(); i++) {
            char c = lines.get(0).charAt(i);
            assertTrue(c >= 0x20 && c < 0x7f, "char " + (int) c + " in " + lines.get(0));
        }
        assertFalse(lines.get(0).contains("\n"));
    }
}
