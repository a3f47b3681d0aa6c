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
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A local user owns a folder on the way to alice's scripts, and swaps what is in it while requests run: alice's folder
 * with one of his own, a link to hers with a link to his. Whatever he does, no file of his is run as alice. The script
 * in his folder leaves a mark where it is run.
 */
class SwapAttackIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final int CLIENTS = 3;
    private static final int SWAPS = 10_000;
    private static final Duration ATTACK = Duration.ofSeconds(6);

    private static LocalUsers users;
    private static LocalUsers.User alice;
    private static LocalUsers.User mallory;
    private static Path root;
    private static Path marks;
    private static Pool lenient;
    private static Pool following;
    private static Pool strict;

    @BeforeAll
    static void makeUsersFilesAndPools() throws IOException {
        users = new LocalUsers();
        alice = users.user("cgifpmchka");
        mallory = users.user("cgifpmchkm");
        root = OwnedFiles.folder(LAB.newFolder("root"), 0755, 0, 0);
        marks = OwnedFiles.folder(LAB.newFolder("marks"), 01777, 0, 0);
        String good = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\ngood'\n";
        String evil = "#!/bin/sh\n: >" + marks + "/mark-$$\nprintf 'Content-Type: text/plain\\n\\nevil'\n";
        Path his = root.resolve("his");
        for (String name : List.of("box", "open")) {
            OwnedFiles.script(his.resolve(name + "/s.cgi"), good, 0755, alice.uid(), alice.gid());
            OwnedFiles.folder(his.resolve(name), 0755, alice.uid(), alice.gid());
        }
        for (String name : List.of("trap", "mine")) {
            OwnedFiles.script(his.resolve(name + "/s.cgi"), evil, 0755, mallory.uid(), mallory.gid());
            OwnedFiles.folder(his.resolve(name), 0755, mallory.uid(), mallory.gid());
        }
        OwnedFiles.link(his.resolve("way"), "open", mallory.uid());
        OwnedFiles.link(his.resolve("other-way"), "mine", mallory.uid());
        // Beside alice's script lies a link; he turns it to hers and to his.
        OwnedFiles.link(his.resolve("s.cgi"), "open/s.cgi", mallory.uid());
        OwnedFiles.link(his.resolve("t.cgi"), "mine/s.cgi", mallory.uid());
        OwnedFiles.folder(his, 0755, mallory.uid(), mallory.gid());
        // The first two pools are careless, so that the ways through his folder are open at all.
        lenient = ours("lenient").table("checks", "directory_owner = \"off\"");
        following = ours("following").table("checks", "directory_owner = \"off\"", "symlinks = \"follow\"");
        strict = ours("strict");
        LAB.daemon(lenient, following, strict);
    }

    private static Pool ours(String name) {
        return Pool.unix(name, LAB.folder(), root)
                .set("user", alice.name())
                .set("listen_mode", "0600")
                .list("allowed_users", "root");
    }

    @AfterAll
    static void removeUsers() {
        if (users != null) {
            users.close();
        }
    }

    @Test
    void noSwapMakesAFileRunThatTheChecksRefuse() throws Exception {
        Path his = root.resolve("his");
        RunningProcess swapper = LAB.run(
                "swapper",
                LAB.newFolder("swapper"),
                List.of(
                        Program.find("setpriv", "util-linux").toString(),
                        "--reuid=" + mallory.uid(),
                        "--regid=" + mallory.gid(),
                        "--clear-groups",
                        Program.find("python3", "python3").toString(),
                        Repository.ROOT
                                .resolve("e2e/src/test/resources/attack/swap.py")
                                .toString(),
                        his.toString(),
                        "box",
                        "trap",
                        "way",
                        "other-way",
                        "s.cgi",
                        "t.cgi"));
        Map<String, Integer> outcomes = new TreeMap<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            long end = System.nanoTime() + ATTACK.toNanos();
            List<Future<Map<String, Integer>>> results = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                results.add(clients.submit(() -> requestsUntil(end)));
            }
            for (Future<Map<String, Integer>> result : results) {
                merge(result, outcomes);
            }
        } finally {
            clients.shutdownNow();
            Files.createFile(his.resolve("stop"));
        }
        assertEquals(0, swapper.awaitExit(Duration.ofSeconds(20)), swapper::output);
        int swaps = Integer.parseInt(swapper.output().strip().substring("swaps ".length()));
        assertTrue(swaps >= SWAPS, "only " + swaps + " swaps");
        try (Stream<Path> left = Files.list(marks)) {
            assertEquals(List.of(), left.toList(), "marks of scripts that must not run; " + outcomes);
        }
        // Both sides of each swap were met where the way was open, and nothing at all ran where it was not.
        for (String open : List.of("lenient /his/box", "following /his/box", "following /his/way", "following /his")) {
            assertTrue(outcomes.getOrDefault(open + "/s.cgi 200 good", 0) > 0, outcomes::toString);
            assertTrue(outcomes.getOrDefault(open + "/s.cgi 403", 0) > 0, outcomes::toString);
        }
        List<String> others = outcomes.keySet().stream()
                .filter(outcome -> !outcome.endsWith(" 403"))
                .filter(outcome -> !outcome.matches("(lenient /his/box|following /his(/box|/way)?)/s.cgi 200 good"))
                .toList();
        assertEquals(List.of(), others, outcomes::toString);
    }

    private static void merge(Future<Map<String, Integer>> result, Map<String, Integer> outcomes)
            throws InterruptedException, ExecutionException {
        result.get().forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
    }

    private static Map<String, Integer> requestsUntil(long end) throws IOException {
        Map<String, Integer> outcomes = new TreeMap<>();
        do {
            for (Pool pool : List.of(lenient, following, strict)) {
                for (String path : List.of("/his/box/s.cgi", "/his/way/s.cgi", "/his/s.cgi")) {
                    Answer answer = RawClient.exchange(pool.address(), CgiParams.get(root, path, ""), new byte[0])
                            .answer();
                    String outcome = pool.name() + " " + path + " " + answer.status()
                            + (answer.status() == 200 ? " " + answer.text() : "");
                    outcomes.merge(outcome, 1, Integer::sum);
                }
            }
        } while (System.nanoTime() < end);
        return outcomes;
    }
}
