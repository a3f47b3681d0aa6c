package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.cgifpm.adapters.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script that has its keeper's socket, or stops it, keeps no place for ever and takes no time of anybody else's. */
class KeeperLiesTest {
    private static final String FORK = """
            say('ready 3')
            number, fds = request()
            pid = os.fork()
            if pid == 0:
                os.setsid()
                close(fds)
                nap()
            close(fds)
            say('forked %s %d' % (number, pid))
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** The request's processes are ended with their control group; that they have ended is the keeper's to tell. */
    @ParameterizedTest(name = "control groups: {0}, {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "false|stops itself|os.kill(os.getpid(), signal.SIGSTOP)",
                "true |stops itself|os.kill(os.getpid(), signal.SIGSTOP)",
                "false|says nothing|nap()",
                "true |says nothing|nap()",
                "true |never tells that the group is empty|say('ended %s %d 0 0 0 1' % (number, pid))\\nnap()",
            })
    void givesThePlaceBackOfARequestWhoseKeeper(boolean leaves, String what, String deed) throws Exception {
        Warmth brief = Warmth.usual().requestTimeout(Warmth.millis(300));
        try (WarmStand stand = leaves ? WarmStand.withLeaves(folder, brief) : new WarmStand(folder, brief)) {
            Application liar = stand.liar(FORK + deed.replace("\\n", "\n"));

            WarmRequest request = stand.run(liar, HEAD);

            request.outcome();
            stand.awaitOnlyKeepers(0);
            assertEquals(1, stand.warnings("has not ended the process of"), stand.warnings::toString);
        }
    }

    @Test
    void listensToNoKeeperThatSaysMoreThanItHasTo() throws Exception {
        try (WarmStand stand = WarmStand.withLeaves(folder, Warmth.usual())) {
            Application liar = stand.liar(FORK + "while True:\n    say('gone 1')\n");

            WarmRequest request = stand.run(liar, HEAD);

            request.outcome();
            WarmStand.await(
                    () -> assertEquals(1, stand.warnings("says more than it has to"), stand.warnings::toString));
            stand.awaitOnlyKeepers(0);
        }
    }

    /** That is no moment that could be hit: it is aimed at from all sides. */
    @Test
    void endsWhatAKeeperHasForkedThatDiesJustAsItGetsAGroup() throws Exception {
        try (WarmStand stand = WarmStand.withLeaves(folder, Warmth.usual())) {
            for (int i = 0; i < 60; i++) {
                int micros = 4_000 + i * 50;
                Application liar = stand.liar(FORK + "time.sleep(" + micros + " / 1e6)\nos._exit(1)\n");
                stand.run(liar, HEAD).outcome();
            }
            stand.awaitOnlyKeepers(0);
        }
    }
}
