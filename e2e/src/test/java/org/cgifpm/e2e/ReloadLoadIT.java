package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Reloads one after the other while nginx asks, with pools that stay, change, come and go. {@code -Dreloads=200} makes it
 * the number that the project promises.
 */
class ReloadLoadIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int RELOADS = Integer.getInteger("reloads", 20);
    /** Empty control groups that are kept for the next request have two descriptors each; the JVM opens a few late. */
    private static final int DESCRIPTORS_MORE = 80;

    private static final long KB_MORE = 150_000;

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void loseNoRequestAndLeaveNothingBehind() throws Exception {
        Pool same = LAB.unixPool("same").set("queue_timeout", "60s");
        Pool changes = LAB.tcpPool("changes").set("queue_timeout", "60s").environment("SETTING", "0");
        Pool comes = LAB.unixPool("comes");
        Daemon daemon = LAB.daemon(same, changes);
        // What is loaded and opened once is not counted.
        daemon.configure(List.of(same, changes, comes));
        daemon.reload();
        new Caller(comes.address(), LAB.site().root()).get("/hello.sh");
        daemon.configure(List.of(same, changes));
        daemon.reload();
        new Caller(same.address(), LAB.site().root()).get("/hello.sh");
        new Caller(changes.address(), LAB.site().root()).get("/hello.sh");
        Map<String, Long> openBefore = sockets(daemon);
        int descriptorsBefore = Proc.descriptors(daemon.pid()).size();
        long residentBefore = Proc.residentKb(daemon.pid());
        Nginx nginx = Nginx.start(
                LAB,
                List.of(
                        Nginx.server(same, Nginx.Mode.BUFFERED),
                        Nginx.server(same, Nginx.Mode.KEPT),
                        Nginx.server(changes, Nginx.Mode.BUFFERED),
                        Nginx.server(changes, Nginx.Mode.KEPT)));

        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> clients = nginx.ways().stream()
                .map(way -> new Thread(() -> ask(way, enough, outcomes), way.name()))
                .toList();
        clients.forEach(Thread::start);
        try {
            for (int i = 1; i <= RELOADS; i++) {
                List<Pool> pools = new ArrayList<>(List.of(
                        same,
                        changes.environment("SETTING", Integer.toString(i)).set("max_children", 8 + i % 3)));
                if (i % 2 == 1) {
                    pools.add(comes);
                }
                daemon.configure(pools);
                String told = daemon.reload();
                assertTrue(told.contains(", 1 changed (changes), "), told);
                if (i % 2 == 1) {
                    assertEquals(
                            "hello\n",
                            new Caller(comes.address(), LAB.site().root())
                                    .get("/hello.sh")
                                    .answer()
                                    .text());
                }
            }
        } finally {
            enough.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        daemon.configure(List.of(same, changes));
        daemon.reload();
        nginx.process().stop();

        assertEquals(List.of("200 hello"), List.copyOf(outcomes.keySet()), () -> "" + new TreeMap<>(outcomes));
        Awaitility.await("no connection and no socket of a pool that is gone")
                .atMost(LIMIT)
                .untilAsserted(() -> assertEquals(openBefore, sockets(daemon)));
        daemon.awaitNoScripts(LIMIT);
        daemon.awaitNoZombies(LIMIT);
        Awaitility.await("the control groups of the pools that there are")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> assertEquals(groups(daemon).isEmpty() ? "" : "pool-changes pool-same", groups(daemon)));
        int descriptors = Proc.descriptors(daemon.pid()).size();
        long resident = Proc.residentKb(daemon.pid());
        System.out.printf(
                "%d reloads, %d requests; descriptors %d, then %d; resident %d kB, then %d kB%n",
                RELOADS,
                outcomes.values().stream().mapToInt(Integer::intValue).sum(),
                descriptorsBefore,
                descriptors,
                residentBefore,
                resident);
        assertTrue(descriptors <= descriptorsBefore + DESCRIPTORS_MORE, () -> "" + Proc.descriptors(daemon.pid()));
        assertTrue(resident <= residentBefore + KB_MORE, () -> residentBefore + " kB, then " + resident);
    }

    private static void ask(Way way, AtomicBoolean enough, Map<String, Integer> outcomes) {
        while (!enough.get()) {
            String outcome;
            try {
                Answer answer = way.get("/hello.sh").send();
                outcome = answer.status() + " " + answer.text().strip();
            } catch (IOException | RuntimeException e) {
                outcome = way.name() + ": " + e;
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    /** How many descriptors of sockets and of listening ones there are. */
    private static Map<String, Long> sockets(Daemon daemon) {
        return Proc.descriptors(daemon.pid()).values().stream()
                .map(target -> target.startsWith("socket:") ? "socket" : target.startsWith("pipe:") ? "pipe" : "")
                .filter(kind -> !kind.isEmpty())
                .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting()));
    }

    /** The names of the pools' control groups; "" where there are none. */
    private static String groups(Daemon daemon) {
        Matcher tree = Pattern.compile("control groups in ([^,\n]+), with").matcher(daemon.log());
        Optional<Path> folder = tree.find() ? Optional.of(Path.of(tree.group(1))) : Optional.empty();
        if (folder.isEmpty()) {
            return "";
        }
        try (Stream<Path> groups = Files.list(folder.get())) {
            return groups.map(group -> group.getFileName().toString())
                    .filter(name -> name.startsWith("pool-"))
                    .sorted()
                    .collect(Collectors.joining(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
