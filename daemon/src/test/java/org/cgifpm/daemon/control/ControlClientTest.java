package org.cgifpm.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the client takes daemons that do not answer as they should. */
@SuppressWarnings("NullAway.Init")
@Timeout(180)
class ControlClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static JsonObject ping() {
        JsonObject command = new JsonObject();
        command.addProperty("command", "ping");
        return command;
    }

    @Test
    void aDaemonThatHangsIsNotWaitedForForEver() throws Exception {
        Path socket = folder.resolve("control.sock");
        try (FakeDaemon daemon = new FakeDaemon(socket)) {
            CountDownLatch goOn = daemon.hang();
            try (ControlClient client = ControlClient.connect(socket, Duration.ofMillis(200))) {
                ControlException silence = assertThrows(ControlException.class, () -> client.ask(ping()));
                assertEquals(1, silence.exitCode());
                assertTrue(silence.isSilence());
                assertTrue(
                        silence.problems().get(0).startsWith("the daemon at " + socket + " does not answer"),
                        silence.problems()::toString);
            } finally {
                goOn.countDown();
            }
        }
    }

    @Test
    void anEmptyLineSaysThatItIsStillAtWork() throws Exception {
        JsonObject answer = new Scripted(folder, "\n\n{\"ok\":true,\"pid\":3}\n").ask();
        assertEquals(3, answer.get("pid").getAsInt());
    }

    @Test
    void whatIsNoAnswerIsToldAsSuch() {
        for (String said : List.of("SSH-2.0-OpenSSH\n", "[1]\n", "17\n")) {
            ControlException wrong = assertThrows(ControlException.class, () -> new Scripted(folder, said).ask(), said);
            assertEquals(1, wrong.exitCode());
            assertTrue(wrong.problems().get(0).contains("not an answer"), wrong.problems()::toString);
        }
    }

    @Test
    void anEndWithoutAnAnswerIsAFailure() {
        ControlException wrong = assertThrows(ControlException.class, () -> new Scripted(folder, "{\"ok\"").ask());
        assertEquals(1, wrong.exitCode());
        assertTrue(wrong.problems().get(0).contains("ended without an answer"), wrong.problems()::toString);
    }

    @Test
    void problemsComeWithTheCodeThatTheDaemonGave() {
        ControlException wrong = assertThrows(
                ControlException.class,
                () -> new Scripted(folder, "{\"ok\":false,\"code\":2,\"problems\":[\"a\",\"b\"]}\n").ask());
        assertEquals(2, wrong.exitCode());
        assertEquals(List.of("a", "b"), wrong.problems());
    }

    /** A daemon that reads a line, says what it was given, and closes. */
    private record Scripted(Path folder, String says) {
        JsonObject ask() throws Exception {
            Path socket = folder.resolve(System.nanoTime() + ".sock");
            try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(socket));
                Thread thread = new Thread(() -> serve(listener));
                thread.start();
                try (ControlClient client = ControlClient.connect(socket, PATIENCE)) {
                    return client.ask(ping());
                } finally {
                    thread.join();
                }
            }
        }

        private void serve(ServerSocketChannel listener) {
            try (SocketChannel channel = listener.accept()) {
                ByteBuffer read = ByteBuffer.allocate(1);
                do {
                    read.clear();
                } while (channel.read(read) == 1 && read.get(0) != '\n');
                channel.write(ByteBuffer.wrap(says.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
