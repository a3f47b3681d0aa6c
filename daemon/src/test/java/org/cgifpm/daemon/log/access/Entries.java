package org.cgifpm.daemon.log.access;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHead.Header;
import org.jspecify.annotations.Nullable;

/** A finished request with a value for everything, to be changed piece by piece. */
final class Entries {
    static final long ARRIVED = Instant.parse("2026-03-01T09:05:07.089Z").toEpochMilli();

    final Map<String, String> params = new LinkedHashMap<>();
    String peer = "uid 33 pid 812";
    int status = 200;

    @Nullable
    ResponseHead head = new ResponseHead(
            200, "OK", List.of(new Header("Content-Type", "text/html"), new Header("X-Note", "a \"b\"")), -1);

    AccessEntry.Ran process = new AccessEntry.Ran(
            4711, 99, "/srv/cgi-bin/a.cgi", "alice", new ExitStatus(3, 0, 125_000, 25_034), 5_000_000);
    AccessEntry.Times times = new AccessEntry.Times(ARRIVED, ARRIVED + 2_000, 1_500_043_999L, 7_004_999);
    long bytesIn = 11;
    long bytesOut = 1234;
    String check = "";
    Ending ending = Ending.DONE;

    @Nullable
    String problem;

    Entries() {
        params.put("REQUEST_METHOD", "POST");
        params.put("SCRIPT_NAME", "/cgi-bin/a.cgi");
        params.put("REQUEST_URI", "/cgi-bin/a.cgi/more?x=1&y=2");
        params.put("QUERY_STRING", "x=1&y=2");
        params.put("CONTENT_LENGTH", "11");
        params.put("REMOTE_ADDR", "192.0.2.7");
        params.put("REMOTE_USER", "carol");
        params.put("HTTP_HOST", "www.example");
    }

    /** Refused before anything ran. */
    static Entries refused(String check) {
        Entries refused = new Entries();
        refused.status = 403;
        refused.head = new ResponseHead(403, "Forbidden", List.of(new Header("Content-Type", "text/plain")), 14);
        refused.process = new AccessEntry.Ran(0, 99, "/srv/cgi-bin/a.cgi", "", null, -1);
        refused.check = check;
        refused.ending = Ending.REFUSED;
        refused.problem = check + ": /srv/cgi-bin/a.cgi, found mode 777, wanted no write for others";
        return refused;
    }

    Entries param(String name, String value) {
        params.put(name, value);
        return this;
    }

    AccessEntry make() {
        Params made = new Params();
        params.forEach(made::add);
        return new AccessEntry(
                17, "legacy", made, peer, status, head, times, process, bytesIn, bytesOut, check, ending, problem);
    }
}
