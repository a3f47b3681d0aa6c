package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nonsense on the socket ends the connection it came on and nothing else.
 *
 * <p>During each test a well-behaved request waits on another connection. It must finish, and new ones must work.
 */
class GarbageIT {
    private static final Duration CLOSES = Duration.ofSeconds(10);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller caller;
    private static Caller tcp;
    private static int bystanders;

    private RawClient bystander;

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("garbage")
                .set("params_timeout", "2s")
                .set("connection_idle_timeout", "3s")
                .set("kill_grace", "1s");
        Pool tcpPool = LAB.tcpPool("garbage-tcp")
                .set("params_timeout", "2s")
                .set("connection_idle_timeout", "3s")
                .set("kill_grace", "1s");
        daemon = LAB.daemon(pool, tcpPool);
        caller = new Caller(pool.address(), LAB.site().root());
        tcp = new Caller(tcpPool.address(), LAB.site().root());
    }

    static List<Caller> callers() {
        return List.of(caller, tcp);
    }

    @BeforeEach
    void someoneWaits() throws IOException {
        bystander = caller.connect();
        bystander.send(Wire.request(1, true, caller.params("/gate.sh", "bystander" + bystanders), new byte[0]));
        bystander.awaitStdout(1, "first");
    }

    @AfterEach
    void nobodyElseIsHurt() throws IOException {
        assertTrue(daemon.alive(), "the daemon lives");
        LAB.site().open("bystander" + bystanders++);
        assertEquals("first\nsecond\n", bystander.awaitEnd(1).answer().text());
        bystander.close();
        for (Caller one : callers()) {
            assertEquals("hello\n", one.get("/hello.sh").answer().text());
        }
        daemon.awaitNoScripts(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void everyPrefixOfARequest(Caller to) throws IOException {
        byte[] request = smallRequest(to);

        for (int length = 0; length < request.length; length++) {
            try (RawClient client = to.connect()) {
                client.send(Arrays.copyOf(request, length)).halfClose();
                client.awaitClosed(CLOSES);
            }
        }
    }

    @Test
    void everyPrefixOfARequestWhoseClientGoesAway() throws IOException {
        byte[] request = smallRequest(caller);

        for (int length = 0; length < request.length; length++) {
            try (RawClient client = caller.connect()) {
                client.send(Arrays.copyOf(request, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void randomBytes(Caller to) throws IOException {
        long seed = System.nanoTime();
        System.out.println("randomBytes: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5000)];
            random.nextBytes(bytes);
            endsWithin(to, bytes, "seed " + seed + ", round " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void aRequestWithSomeBytesChanged(Caller to) throws IOException {
        long seed = System.nanoTime();
        System.out.println("aRequestWithSomeBytesChanged: seed " + seed);
        Random random = new Random(seed);
        byte[] request = smallRequest(to);
        for (int i = 0; i < 300; i++) {
            byte[] changed = request.clone();
            for (int change = 0; change < 1 + i % 4; change++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            endsWithin(to, changed, "seed " + seed + ", round " + i);
        }
    }

    @Test
    void everyRecordTypeInEveryState() throws IOException {
        for (Map.Entry<String, byte[]> state : states().entrySet()) {
            for (int type : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 127, 255}) {
                for (int id : new int[] {0, 1, 2, 65_535}) {
                    for (byte[] content : List.of(new byte[0], new byte[8], new byte[100])) {
                        byte[] bytes = Wire.join(state.getValue(), Wire.raw(1, type, id, content));
                        endsWithin(caller, bytes, state.getKey() + ", type " + type + ", id " + id);
                    }
                }
            }
        }
    }

    @Test
    void recordsOfAnotherVersion() throws IOException {
        for (int version : new int[] {0, 2, 255}) {
            try (RawClient client = caller.connect()) {
                client.send(Wire.raw(version, 1, 1, new byte[] {0, 1, 0, 0, 0, 0, 0, 0}));
                client.awaitClosed(CLOSES);
            }
        }
    }

    @Test
    void paramsThatPromiseMoreThanTheyHold() throws IOException {
        byte[] twoGigabytes = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, -1, -1, 'x'
        };
        byte[] tooShort = {50, 50, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
        for (byte[] params : List.of(twoGigabytes, tooShort)) {
            byte[] bytes = Wire.join(
                    Wire.begin(1, true),
                    Wire.stream(RecordType.PARAMS, 1, params),
                    Wire.end(RecordType.PARAMS, 1),
                    Wire.end(RecordType.STDIN, 1));
            endsWithin(caller, bytes, "params " + Arrays.toString(params));
        }
    }

    @Test
    void aClientThatSaysNothingOrNeverFinishesItsParams() throws IOException {
        try (RawClient silent = caller.connect();
                RawClient slow = caller.connect()) {
            slow.send(Wire.begin(1, false));

            // Closed for their silence, without a half-close: by connection_idle_timeout and by params_timeout.
            silent.awaitClosed(CLOSES);
            slow.awaitClosed(CLOSES);
        }
    }

    @Test
    void anUnknownManagementTypeIsAnsweredAsSuch() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.raw(1, 200, 0, new byte[3]));
            client.send(Wire.request(1, true, caller.params("/hello.sh"), new byte[0]));

            assertEquals("hello\n", client.awaitEnd(1).answer().text());
            assertEquals(List.of(200), client.unknownTypes());
        }
    }

    @Test
    void aGetValuesResultFromAFrontEndIsForgiven() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.raw(1, 10, 0, new byte[0]));
            client.send(Wire.request(1, true, caller.params("/hello.sh"), new byte[0]));

            assertEquals("hello\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void anUnknownRoleIsRefusedByItsNumber() throws IOException {
        for (int role : new int[] {0, 2, 3, 9, 65_535}) {
            try (RawClient client = caller.connect()) {
                byte[] begin = {(byte) (role >> 8), (byte) role, 1, 0, 0, 0, 0, 0};
                client.send(Wire.raw(1, 1, 1, begin));
                var end = client.awaitEnd(1).end();

                assertTrue(end != null && end.protocolStatus() == 3, role + " got " + end);

                client.send(Wire.request(2, true, caller.params("/hello.sh"), new byte[0]));
                assertEquals("hello\n", client.awaitEnd(2).answer().text());
            }
        }
    }

    @Test
    void recordsOfARequestThatIsNotThereAreIgnored() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.abort(7), Wire.stream(RecordType.STDIN, 7, new byte[100]), Wire.end(RecordType.PARAMS, 7));
            client.send(Wire.request(1, true, caller.params("/hello.sh"), new byte[0]));

            assertEquals("hello\n", client.awaitEnd(1).answer().text());
        }
    }

    /** Sends the bytes, half-closes, and waits: an answer or an error may come, but the connection has to end. */
    private static void endsWithin(Caller to, byte[] bytes, String what) throws IOException {
        try (RawClient client = to.connect()) {
            client.read();
            client.sendAsFarAsItGoes(bytes);
            client.halfClose();
            try {
                client.awaitClosed(CLOSES);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("not closed: " + what, e);
            }
        }
    }

    private static byte[] smallRequest(Caller to) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("REQUEST_METHOD", "POST");
        params.put("SCRIPT_FILENAME", to.root() + "/count.sh");
        params.put("CONTENT_LENGTH", "5");
        return Wire.request(1, false, params, new byte[5]);
    }

    /** What has been sent when the record comes, by the state that this makes. */
    private static Map<String, byte[]> states() {
        byte[] begin = Wire.begin(1, true);
        Map<String, String> post = CgiParams.post(caller.root(), "/count.sh", "", 20);
        byte[] pairs = Wire.pairs(post);
        byte[] params = Wire.stream(RecordType.PARAMS, 1, pairs);
        byte[] half = Wire.stream(RecordType.PARAMS, 1, Arrays.copyOf(pairs, pairs.length / 2));
        byte[] open = Wire.open(1, true, post);
        Map<String, byte[]> states = new LinkedHashMap<>();
        states.put("nothing yet", new byte[0]);
        states.put("begun", begin);
        states.put("in a pair", Wire.join(begin, half));
        states.put("all pairs, no end", Wire.join(begin, params));
        states.put("running", open);
        states.put("in the body", Wire.join(open, Wire.stream(RecordType.STDIN, 1, new byte[10])));
        states.put("complete", Wire.join(open, Wire.end(RecordType.STDIN, 1)));
        return states;
    }
}
