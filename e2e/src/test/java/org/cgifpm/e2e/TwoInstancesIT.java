package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.front.ConfFiles;
import org.cgifpm.e2e.front.Shipped;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Launched;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two daemons behind one front end of conf/, stopped one after the other under load: no GET fails. */
class TwoInstancesIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String USER = "frlegacy";
    private static final int CLIENTS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SCRIPT = "#!/bin/sh\necho 'Content-Type: text/plain'\necho\necho $INSTANCE\n";

    private static LocalUsers users;

    @BeforeAll
    static void addUser() {
        users = new LocalUsers();
        users.user(USER);
    }

    @AfterAll
    static void removeUser() {
        users.close();
    }

    @Test
    void nginxLosesNoGetWhenOneAfterTheOtherIsStopped() throws Exception {
        stopOneAfterTheOther(new Instances(), shipped -> shipped.nginx("nginx/two-machines.conf"));
    }

    @Test
    void haproxyLosesNoGetWhenOneAfterTheOtherIsStopped() throws Exception {
        stopOneAfterTheOther(new Instances(), shipped -> shipped.haproxy("haproxy/two-machines.cfg"));
    }

    @Test
    void nginxLosesNoGetWhenAPoolIsDrainedAndBroughtBack() throws Exception {
        drainAndBringBack(new Instances(), shipped -> shipped.nginx("nginx/two-machines.conf"));
    }

    @Test
    void haproxyLosesNoGetWhenAPoolIsDrainedAndBroughtBack() throws Exception {
        drainAndBringBack(new Instances(), shipped -> shipped.haproxy("haproxy/two-machines.cfg"));
    }

    private static void drainAndBringBack(Instances instances, Function<Shipped, Way> frontEnd) throws Exception {
        RunningProcess one = instances.start("1");
        instances.start("2");
        try (Requests requests = new Requests(frontEnd.apply(instances.shipped))) {
            requests.awaitAnswersOf("1", "2");
            instances.command("1", "drain", "legacy");
            requests.awaitAnswersOf("2");
            assertTrue(one.alive(), "a daemon without an open pool goes on");
            instances.command("1", "reload");
            requests.awaitAnswersOf("1", "2");
            requests.end();
            requests.assertNoneFailed();
        }
    }

    private static void stopOneAfterTheOther(Instances instances, Function<Shipped, Way> frontEnd) throws Exception {
        RunningProcess one = instances.start("1");
        RunningProcess two = instances.start("2");
        try (Requests requests = new Requests(frontEnd.apply(instances.shipped))) {
            requests.awaitAnswersOf("1", "2");
            stop(one);
            requests.awaitAnswersOf("2");
            instances.start("1");
            // Both again: the front end has seen that the first one is back before the second goes.
            requests.awaitAnswersOf("1", "2");
            stop(two);
            requests.awaitAnswersOf("1");
            requests.end();
            requests.assertNoneFailed();
        }
    }

    private static void stop(RunningProcess daemon) {
        daemon.terminate();
        assertEquals(0, daemon.awaitExit(LIMIT), daemon::output);
    }

    /** The two daemons, on ports of 127.0.0.1 in place of the machines' addresses. */
    private static final class Instances {
        private final ConfFiles files = new ConfFiles(LAB.newFolder("c"));
        private final int one = Pool.freePort();
        private final int two = Pool.freePort();
        final Shipped shipped = new Shipped(LAB, files);

        Instances() throws IOException {
            files.put("user = \"legacy\"", "user = \"" + USER + "\"")
                    .put("192.0.2.11:9000", "127.0.0.1:" + one)
                    .put("192.0.2.12:9000", "127.0.0.1:" + two)
                    .put("192.0.2.10", "127.0.0.1");
            OwnedFiles.script(files.moved("/srv/legacy/cgi-bin/which.sh"), SCRIPT, 0755, 0, 0);
        }

        /** Gives the daemon of that number an order, which it must carry out. */
        void command(String number, String... words) {
            Path folder = files.moved("/etc/cgi-fpm/" + number);
            List<String> command = new ArrayList<>(List.of(words));
            command.addAll(List.of("-c", folder.resolve("cgi-fpm.toml").toString()));
            Launched launched = Launched.of(folder, command.toArray(new String[0]));
            assertEquals(0, launched.status(), launched::toString);
        }

        RunningProcess start(String number) throws IOException {
            int port = number.equals("1") ? one : two;
            String text = Files.readString(ConfFiles.FOLDER.resolve("two-machines.toml"))
                    .replace("192.0.2.11:9000", "127.0.0.1:" + port);
            return shipped.daemon(number, text + "\n[pool.legacy.env]\nINSTANCE = \"" + number + "\"\n", port);
        }
    }

    /** Clients that ask all the time, until the end. */
    private static final class Requests implements AutoCloseable {
        private final AtomicInteger good = new AtomicInteger();
        private final Queue<String> failed = new ConcurrentLinkedQueue<>();
        private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

        Requests(Way way) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> {
                    while (!over.get()) {
                        ask(way);
                    }
                });
            }
        }

        private void ask(Way way) {
            try {
                Answer answer = way.get("/which.sh").send();
                if (answer.status() == 200 && answer.complete()) {
                    answers.computeIfAbsent(answer.text().strip(), key -> new AtomicInteger())
                            .incrementAndGet();
                    good.incrementAndGet();
                } else {
                    failed.add(answer.toString());
                }
            } catch (IOException | RuntimeException e) {
                failed.add(e.toString());
            }
        }

        /** Waits until each of these has answered thirty requests more. */
        void awaitAnswersOf(String... numbers) {
            for (String number : numbers) {
                AtomicInteger count = answers.computeIfAbsent(number, key -> new AtomicInteger());
                int before = count.get();
                Awaitility.await("answers of " + number + " beside " + failed)
                        .atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> count.get() >= before + 30);
            }
        }

        void assertNoneFailed() {
            assertEquals(Set.of(), Set.copyOf(failed), () -> failed.size() + " failed, " + good + " did not");
        }

        void end() throws InterruptedException {
            over.set(true);
            clients.shutdown();
            clients.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            over.set(true);
            clients.shutdownNow();
        }
    }
}
