package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests with as many small headers as front ends let pass, held by scripts that take their time: as many as three pools
 * and their queues have room for. What a pair takes in memory is many times what it has on the wire.
 */
class ParamsFloodIT {
    private static final int PAIRS = 2000;
    private static final int REQUESTS = 240;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void theDaemonStaysAndAPoolThatHadNoPartInItIsServedMeanwhile() throws Exception {
        Pool[] flooded = new Pool[3];
        for (int i = 0; i < flooded.length; i++) {
            flooded[i] = LAB.unixPool("flooded" + i).set("max_children", 16).set("queue_length", 400);
        }
        Pool calmPool = LAB.unixPool("calm");
        Daemon daemon = LAB.daemon(flooded[0], flooded[1], flooded[2], calmPool);
        Caller calm = new Caller(calmPool.address(), LAB.site().root());
        assertEquals(200, calm.get("/hello.sh").answer().status());

        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < REQUESTS * flooded.length; i++) {
                Caller caller = new Caller(
                        flooded[i % flooded.length].address(), LAB.site().root());
                RawClient client = caller.connect();
                clients.add(client);
                client.sendAsFarAsItGoes(Wire.request(1, false, manySmall(caller), new byte[0]));
            }
            Awaitility.await("refused for want of memory")
                    .atMost(LIMIT)
                    .until(() -> daemon.log().contains("take all the memory that is there for them now"));
            for (int i = 0; i < 20; i++) {
                assertEquals(200, calm.get("/hello.sh").answer().status());
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        daemon.awaitNoScripts(LIMIT);

        assertTrue(daemon.alive());
        assertFalse(daemon.log().contains("OutOfMemory"), daemon::log);
        Caller again = new Caller(flooded[0].address(), LAB.site().root());
        assertEquals(200, again.get("/hello.sh").answer().status());
    }

    private static Map<String, String> manySmall(Caller caller) {
        Map<String, String> params = new LinkedHashMap<>(caller.params("/polite.sh"));
        for (int i = 0; i < PAIRS; i++) {
            params.put("HTTP_" + Integer.toString(i, 36), "b");
        }
        return params;
    }
}
