package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reloads that change who takes the connections of a pool's socket, while nginx asks without a pause. */
class ReloadDispatchIT {
    private static final int CLIENTS = 8;
    private static final int WORKERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void noRequestIsLostAndNoWorkerOfBeforeIsLeft() throws Exception {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Pool direct = pool("changing", site.file("hello"), site);
        Pool relay = direct.set("dispatch", "relay");
        Daemon daemon = LAB.daemon(direct);
        Crew crew = new Crew(daemon, site.file("hello"));
        Nginx nginx = Nginx.start(LAB, List.of(Nginx.server(direct, Nginx.Mode.BUFFERED)), site.root());
        Way way = nginx.ways().get(0);
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Thread(() -> ask(way, enough, outcomes), "client " + i));
        }
        clients.forEach(Thread::start);
        Awaitility.await("workers").atMost(LIMIT).until(() -> crew.pids().size() == WORKERS);
        try {
            int number = 0;
            for (Pool next : List.of(direct, relay, relay, direct, direct, direct, relay, direct)) {
                List<Long> before = crew.pids();
                daemon.configure(List.of(next.environment("SETTING", Integer.toString(++number))));

                String told = daemon.reload();

                assertTrue(told.contains(", 1 changed (changing), "), told);
                Awaitility.await("only workers of reload " + number)
                        .atMost(LIMIT)
                        .untilAsserted(() -> {
                            List<Long> now = crew.pids();
                            assertEquals(WORKERS, now.size());
                            assertTrue(Collections.disjoint(before, now), () -> before + " " + now + daemon.log());
                        });
            }
        } finally {
            enough.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        nginx.process().stop();
        System.out.println("reloads under load: " + outcomes);

        assertEquals(
                List.of("200 hello from libfcgi"),
                List.copyOf(outcomes.keySet()),
                () -> new TreeMap<>(outcomes) + daemon.log());
    }

    @Test
    void anAddressThatGoesToAnotherPoolIsAnsweredByThatOne() throws Exception {
        WorkerSite site = WorkerSite.in(LAB.newFolder("swapped"));
        Pool first = pool("first", site.file("hello"), site);
        Pool second = pool("second", site.copy("hello", "other"), site);
        String one = first.socket().toString();
        String two = second.socket().toString();
        Daemon daemon = LAB.daemon(first, second);
        Crew firsts = new Crew(daemon, site.file("hello"));
        Crew seconds = new Crew(daemon, site.file("other"));
        awaitAnswer(one, firsts, site);
        awaitAnswer(two, seconds, site);

        reload(daemon, first.set("listen", two), second.set("listen", one));
        awaitAnswer(two, firsts, site);
        awaitAnswer(one, seconds, site);

        reload(daemon, second.set("listen", two));
        awaitAnswer(two, seconds, site);

        Pool renamed = pool("third", site.file("hello"), site).set("listen", two);
        reload(daemon, renamed, first.set("listen", one));
        awaitAnswer(two, firsts, site);
        awaitAnswer(one, firsts, site);
        assertEquals(List.of(), seconds.pids());
    }

    @Test
    void aRequestThatHasBegunIsAnsweredByThePoolThatHadTheAddressThen() throws Exception {
        WorkerSite site = WorkerSite.in(LAB.newFolder("begun"));
        Pool relay = pool("before", site.file("hello"), site).set("dispatch", "relay");
        Daemon daemon = LAB.daemon(relay);
        Crew olds = new Crew(daemon, site.file("hello"));
        String socket = relay.socket().toString();
        awaitAnswer(socket, olds, site);
        byte[] request = Wire.request(1, true, CgiParams.get(site.root(), "/app", ""), new byte[0]);
        int begun = request.length / 2;
        try (RawClient client = RawClient.connect(relay.address())) {
            client.send(Wire.getValues("FCGI_MAX_REQS"), Arrays.copyOf(request, begun));
            client.awaitValues(1);

            reload(daemon, pool("after", site.copy("hello", "newer"), site).set("listen", socket));
            Crew news = new Crew(daemon, site.file("newer"));
            awaitAnswer(socket, news, site);
            client.send(Arrays.copyOfRange(request, begun, request.length));

            Answer answer = client.awaitEnd(1).answer();
            assertEquals(200, answer.status(), () -> answer + daemon.log());
            client.awaitClosed(LIMIT);
        }
        Awaitility.await("end of the old ones")
                .atMost(LIMIT)
                .until(() -> olds.pids().isEmpty());
    }

    private static void reload(Daemon daemon, Pool... pools) {
        daemon.configure(List.of(pools));
        String told = daemon.reload();
        assertTrue(told.contains("reloaded: "), told);
    }

    /** Those who had the address before may have it until they are seen to have nothing to do. */
    private static void awaitAnswer(String socket, Crew by, WorkerSite site) {
        Caller caller = new Caller(UnixDomainSocketAddress.of(socket), site.root());
        Awaitility.await("an answer of that pool at " + socket).atMost(LIMIT).untilAsserted(() -> {
            String answer = caller.get("/app").answer().text();
            long pid =
                    Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1).strip());
            assertTrue(by.pids().contains(pid), answer);
        });
    }

    private static Pool pool(String name, Path program, WorkerSite site) {
        return Pool.unix(name, LAB.folder(), site.root())
                .set("mode", "worker")
                .set("dispatch", "direct")
                .set("pm", "static")
                .unset("allowed_users")
                .list("command", program.toString())
                .set("max_children", WORKERS);
    }

    private static void ask(Way way, AtomicBoolean enough, Map<String, Integer> outcomes) {
        while (!enough.get()) {
            String outcome;
            try {
                Answer answer = way.get("/app").send();
                outcome = answer.status() + " " + answer.text().replaceAll(" [0-9]+\n", "");
            } catch (IOException | RuntimeException e) {
                outcome = e.toString();
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }
}
