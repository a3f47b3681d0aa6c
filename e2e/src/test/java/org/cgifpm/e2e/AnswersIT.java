package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawResponse;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a script's output: which heads are answers, and what is sent on of them. */
class AnswersIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Caller caller;

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("answers");
        LAB.daemon(pool);
        caller = new Caller(pool.address(), LAB.site().root());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: text/plain\\n\\nok                                    | 200",
                "Content-Type: text/plain\\r\\n\\r\\nok                              | 200",
                "Content-Type: text/plain\\r\\nX-A: b\\n\\r\\nok                     | 200",
                "Status: 404 Not Found\\nContent-Type: text/plain\\n\\nok             | 404",
                "Status: 404\\nContent-Type: text/plain\\n\\nok                       | 404",
                "Content-Type: text/plain\\nstatus: 201 Created\\n\\nok               | 201",
                "Location: http://elsewhere.example/\\n\\n                            | 302",
                "Status: 301 Moved\\nLocation: http://elsewhere.example/\\n\\nmoved   | 301",
                "Location: /local?x=y\\n\\n                                           | 302",
                "HTTP/1.1 202 Accepted\\r\\nContent-Type: text/plain\\r\\n\\r\\nok    | 202",
                "HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nok | 200",
                "Status: 999\\nContent-Type: text/plain\\n\\nok                       | 500",
                "Status: abc\\nContent-Type: text/plain\\n\\nok                       | 500",
                "no header at all\\n                                                  | 500",
                "\\nbody without a head                                               | 500",
                "Content-Type text/plain\\n\\nok                                      | 500",
                "Content-Type: text/plain\\nX Y: bad name\\n\\nok                     | 500",
                "Content-Type: text/plain\\nX-A: b\\rSet-Cookie: c=d\\n\\nok          | 500",
                "Content-Type: text/plain\\nX-A: b\\0c\\n\\nok                        | 500",
            })
    void givesTheStatusThatTheHeadDeserves(String output, int status) throws IOException {
        RawResponse response = caller.scriptThatPrints(
                output.replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0"));

        assertEquals(status, response.answer().status(), response::toString);
        assertEquals(200, caller.get("/hello.sh").answer().status(), "the next request");
    }

    @Test
    void skipsFiftyInterimHeads() throws IOException {
        String output = "HTTP/1.1 102 Processing\r\n\r\n".repeat(50)
                + "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nat last";

        Answer answer = caller.scriptThatPrints(output).answer();

        assertEquals(200, answer.status());
        assertEquals("at last", answer.text());
    }

    @Test
    void unfoldsFoldedFields() throws IOException {
        Answer answer = caller.scriptThatPrints("Content-Type: text/plain\nX-Long: one\n two\r\n\tthree\n\nok")
                .answer();

        assertEquals("one two three", answer.header("X-Long"));
        assertEquals("ok", answer.text());
    }

    @Test
    void keepsRepeatedCookiesApartAndInOrder() throws IOException {
        Answer answer = caller.scriptThatPrints("Set-Cookie: a=1\nContent-Type: text/plain\nSet-Cookie: b=2\n\n")
                .answer();

        assertEquals(List.of("a=1", "b=2"), answer.headers("Set-Cookie"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Transfer-Encoding: chunked", "Keep-Alive: 5", "Upgrade: h2c"})
    void dropsHopByHopFields(String field) throws IOException {
        Answer answer = caller.scriptThatPrints("Content-Type: text/plain\n" + field + "\nX-Kept: yes\n\nok")
                .answer();

        assertEquals(200, answer.status());
        assertEquals("", answer.header(field.substring(0, field.indexOf(':'))), answer::toString);
        assertEquals("yes", answer.header("X-Kept"));
        assertEquals("ok", answer.text());
    }

    @Test
    void keepsEightBitBytesInFields() throws IOException {
        Answer answer = caller.scriptThatPrints("Content-Type: text/plain\nX-Name: M\u00fcller\n\nok")
                .answer();

        assertEquals("M\u00fcller", answer.header("X-Name"));
    }

    @Test
    void cutsWhatComesPastTheContentLength() throws IOException {
        RawResponse response =
                caller.scriptThatPrints("Content-Type: text/plain\nContent-Length: 4\n\n1234 and too much");

        assertEquals("1234", response.answer().text());
        assertEquals(0, end(response).protocolStatus());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Status: 204 No Content\n", "Status: 304 Not Modified\n"})
    void sendsNoBodyWhereNoneMayBe(String status) throws IOException {
        Answer answer =
                caller.scriptThatPrints(status + "X-A: b\n\nno body may follow").answer();

        assertEquals("", answer.text());
        assertEquals("b", answer.header("X-A"));
    }

    @Test
    void sendsNoBodyForHead() throws IOException {
        Map<String, String> params = caller.params("/hello.sh");
        params.put("REQUEST_METHOD", "HEAD");

        Answer answer = caller.call(params).answer();

        assertEquals(200, answer.status());
        assertEquals("", answer.text());
    }

    @Test
    void joinsWhatDripsIn() throws IOException {
        assertEquals("0123456789", caller.get("/drip.py").answer().text());
    }

    @Test
    void answersAHeadOf64kBWithTheHeadOrWith500() throws IOException {
        Answer answer = caller.scriptThatPrints(
                        "Content-Type: text/plain\nX-Long: " + "x".repeat(65_536) + "\n\nbehind a long head")
                .answer();

        if (answer.status() == 200) {
            assertEquals("x".repeat(65_536), answer.header("X-Long"));
            assertEquals("behind a long head", answer.text());
        } else {
            assertEquals(500, answer.status(), answer::toString);
        }
        assertEquals(200, caller.get("/hello.sh").answer().status(), "the next request");
    }

    @Test
    void givesTheFrontEndTheExitStatusOfTheScript() throws IOException {
        RawResponse response = caller.get("/fails-after-head.sh");

        assertEquals("whole\n", response.answer().text());
        assertEquals(3, end(response).appStatus());
        assertEquals(0, end(caller.get("/hello.sh")).appStatus());
    }

    @Test
    void sendsAWholeAnswerThatIsLongerThanARecord() throws IOException {
        String body = "0123456789abcdef".repeat(20_000);

        Answer answer =
                caller.scriptThatPrints("Content-Type: text/plain\n\n" + body).answer();

        assertTrue(body.equals(answer.text()), () -> "got " + answer.text().length() + " bytes");
    }

    private static EndRequest end(RawResponse response) {
        EndRequest end = response.end();
        assertNotNull(end);
        return end;
    }
}
