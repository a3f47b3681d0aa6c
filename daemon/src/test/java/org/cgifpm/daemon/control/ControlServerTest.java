package org.cgifpm.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.RunningReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the control socket, byte by byte. */
@SuppressWarnings("NullAway.Init")
@Timeout(180)
class ControlServerTest {
    @TempDir
    Path folder;

    private Path socket;
    private FakeDaemon daemon;

    @BeforeEach
    void start() throws SyscallException {
        socket = folder.resolve("run/control.sock");
        daemon = new FakeDaemon(socket);
    }

    @AfterEach
    void stop() {
        daemon.close();
        assertFalse(Files.exists(socket), "the socket's file is left");
    }

    @Test
    void theSocketIsPrivateAndItsFolderIsNot() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
    }

    @Test
    void aSecondDaemonIsRefusedAndToldWhoHasIt() {
        Syscalls syscalls = new Syscalls();
        SyscallException refused = assertThrows(
                SyscallException.class,
                () -> ControlSocket.open(syscalls, new Sockets(syscalls), ByteText.fromText(socket.toString())));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("another cgi-fpm is running (pid " + syscalls.pid() + ") and has the control socket "
                                + socket),
                refused.getMessage());
        assertTrue(Files.exists(socket));
    }

    @Test
    void aSocketThatNobodyListensOnIsTakenOver() throws Exception {
        Path dead = folder.resolve("dead.sock");
        try (var listener = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(dead));
        }
        assertTrue(Files.exists(dead));
        try (FakeDaemon next = new FakeDaemon(dead);
                Client client = new Client(dead)) {
            assertEquals("{\"ok\":true,\"pid\":" + new Syscalls().pid() + "}", client.ask("{\"command\":\"ping\"}"));
            assertEquals(List.of(), next.asked);
        }
    }

    @Test
    void whereMoreThanTheFolderIsMissingItSaysSo() {
        Syscalls syscalls = new Syscalls();
        Path far = folder.resolve("a/b/control.sock");
        SyscallException refused = assertThrows(
                SyscallException.class,
                () -> ControlSocket.open(syscalls, new Sockets(syscalls), ByteText.fromText(far.toString())));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("the folder " + far.getParent()), refused.getMessage());
    }

    @Test
    void severalCommandsInOneWriteAreAnsweredInTheirOrder() throws IOException {
        try (Client client = new Client(socket)) {
            List<String> commands = List.of(
                    "{\"command\":\"kill\",\"id\":17}",
                    "{\"command\":\"kill\",\"id\":18}",
                    "{\"command\":\"status\",\"pool\":\"beta\"}",
                    "{\"command\":\"ping\"}");
            client.send(String.join("\n", commands) + "\n");
            assertEquals("{\"ok\":true}", client.line());
            assertEquals(
                    "{\"ok\":false,\"code\":1,\"problems\":[\"no request of the number 18 runs\"]}", client.line());
            JsonObject status = JsonParser.parseString(client.line()).getAsJsonObject();
            assertEquals(1, status.getAsJsonArray("pools").size());
            assertTrue(client.line().contains("\"pid\""));
        }
    }

    @Test
    void aCommandMayComeByteByByte() throws IOException {
        try (Client client = new Client(socket)) {
            for (char c : "{\"command\":\"ping\"}\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertTrue(client.line().contains("\"pid\""));
        }
    }

    @Test
    void whoSaysNoMoreIsAnsweredAllTheSame() throws IOException {
        daemon.drainsAtOnce = false;
        try (Client client = new Client(socket)) {
            client.send("{\"command\":\"drain\",\"pool\":\"alpha\"}\n{\"command\":\"ping\"}\n");
            client.channel.shutdownOutput();
            awaitAsked("drain alpha");
            daemon.drained();
            assertEquals("{\"ok\":true}", client.line());
            assertTrue(client.line().contains("\"pid\""));
            assertEquals("", client.line());
        }
    }

    @Test
    void whatIsNoCommandIsToldAndTheConnectionGoesOn() throws IOException {
        try (Client client = new Client(socket)) {
            for (String garbage : List.of(
                    "hello",
                    "",
                    "[]",
                    "null",
                    "{",
                    "{\"command\":17}",
                    "{\"command\":\"fly\"}",
                    "{\"command\":\"ping\"} more",
                    "{\"command\":\"stop\",\"now\":\"yes\"}",
                    "{\"command\":\"stop\",\"nwo\":true}",
                    "{\"command\":\"kill\"}",
                    "{\"command\":\"kill\",\"id\":-1}",
                    "{\"command\":\"kill\",\"id\":1.5}",
                    "{\"command\":\"drain\"}",
                    "[".repeat(60_000),
                    "\u0000\u0001\u001b[2J")) {
                String answer = client.ask(garbage);
                JsonObject said = JsonParser.parseString(answer).getAsJsonObject();
                assertFalse(said.get("ok").getAsBoolean(), garbage);
                assertEquals(2, said.get("code").getAsInt(), garbage);
                assertEquals(1, said.getAsJsonArray("problems").size(), garbage);
            }
            assertTrue(client.ask("{\"command\":\"ping\"}").contains("\"pid\""));
        }
        assertEquals(List.of(), daemon.asked);
    }

    @Test
    void aLineWithoutAnEndIsRefused() throws IOException {
        try (Client client = new Client(socket)) {
            client.send("x".repeat(ControlConnection.LONGEST_LINE + 1));
            assertTrue(client.line().contains("at most 65536 bytes"));
            assertEquals("", client.line());
        }
    }

    @Test
    void anAnswerIsOneLineOfAsciiWhateverIsInIt() throws IOException {
        daemon.runs = List.of(new RunningReport(
                3,
                "alpha",
                99,
                -2,
                "someone",
                "/srv/\u001b[2J\n\u00c3\u00a9",
                "GET",
                "/\u0085?\u009b",
                "uid 33 pid 8",
                5,
                1_500_000,
                -1,
                -1));
        try (Client client = new Client(socket)) {
            String answer = client.ask("{\"command\":\"list\"}");
            assertTrue(answer.chars().allMatch(c -> c >= 0x20 && c <= 0x7e), answer);
            JsonObject one = JsonParser.parseString(answer)
                    .getAsJsonObject()
                    .getAsJsonArray("running")
                    .get(0)
                    .getAsJsonObject();
            assertEquals("/srv/\u001b[2J\n\u00e9", one.get("script").getAsString());
            assertEquals("/\u0085?\u009b", one.get("uri").getAsString());
            assertEquals(4294967294L, one.get("uid").getAsLong());
            assertTrue(one.get("cpu_us").isJsonNull());
        }
    }

    @Test
    void thousandPoolsAreToldToClientsThatReadAndHeldBackByNoneThatDoesNot() throws IOException {
        List<PoolReport> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(FakeDaemon.pool("pool" + i));
        }
        daemon.pools = many;
        List<Client> stuck = new ArrayList<>();
        try (Client client = new Client(socket)) {
            for (int i = 0; i < 3; i++) {
                Client one = new Client(socket);
                stuck.add(one);
                one.send("{\"command\":\"status\"}\n");
            }
            assertTrue(client.ask("{\"command\":\"ping\"}").contains("\"pid\""));
            JsonObject status = JsonParser.parseString(client.ask("{\"command\":\"status\"}"))
                    .getAsJsonObject();
            assertEquals(1000, status.getAsJsonArray("pools").size());
            assertTrue(client.ask("{\"command\":\"status\",\"pool\":\"none\"}")
                    .contains("there is no pool none; there are pool0, pool1, "));
        } finally {
            for (Client one : stuck) {
                one.close();
            }
        }
    }

    @Test
    void twoHundredAtOnceAreAllAnswered() throws IOException {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Client client = new Client(socket);
                clients.add(client);
                client.send("{\"command\":\"ping\"}\n");
            }
            for (Client client : clients) {
                assertTrue(client.line().contains("\"pid\""));
                client.close();
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void clientsThatLeaveInTheMiddleAreForgotten() throws IOException {
        daemon.drainsAtOnce = false;
        for (int i = 0; i < 2 * ControlServer.MOST_CONNECTIONS; i++) {
            try (Client client = new Client(socket)) {
                client.send(i % 2 == 0 ? "{\"command\":\"drain\",\"pool\":\"alpha\"}\n" : "{\"comm");
            }
        }
        try (Client client = new Client(socket)) {
            assertTrue(client.ask("{\"command\":\"ping\"}").contains("\"pid\""));
        }
        daemon.drained();
    }

    @Test
    void aDrainThatNobodyWaitsForIsAnsweredOnce() throws IOException {
        daemon.drainsAtOnce = false;
        try (Client client = new Client(socket)) {
            assertEquals("{\"ok\":true}", client.ask("{\"command\":\"drain\",\"pool\":\"alpha\",\"wait\":false}"));
            daemon.drained();
            assertTrue(client.ask("{\"command\":\"ping\"}").contains("\"pid\""));
        }
    }

    private void awaitAsked(String what) {
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> daemon.asked.contains(what));
    }

    /** A connection that is used as it is. */
    private static final class Client implements AutoCloseable {
        final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(8192).flip();

        Client(Path socket) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        }

        String ask(String line) throws IOException {
            send(line + "\n");
            return line();
        }

        void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** The next line with something in it; "" at the end. */
        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                while (buffer.hasRemaining()) {
                    char c = (char) buffer.get();
                    if (c == '\n' && line.length() > 0) {
                        return line.toString();
                    }
                    if (c != '\n') {
                        line.append(c);
                    }
                }
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                if (count < 0) {
                    return line.toString();
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
