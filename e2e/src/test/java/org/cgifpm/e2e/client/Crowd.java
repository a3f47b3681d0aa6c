package org.cgifpm.e2e.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.WebServerReader;
import org.jspecify.annotations.Nullable;

/**
 * Many clients that ask for the same script at the same time, each with one connection at a time; who is told that there
 * is no room comes again when Retry-After says. One thread does it all, so that the crowd costs little beside what it
 * asks for. Requests are numbered in the order in which they are sent: the query of each.
 */
public final class Crowd {
    /** One request that was answered, or not. */
    public record Asked(
            int number, RawResponse response, @Nullable String problem) {}

    private final SocketAddress address;
    private final Caller caller;
    private final String path;
    private final int clients;
    private final Random random;
    private final List<Asked> asked = new ArrayList<>();
    /** Times at which clients come again, in System.nanoTime(). */
    private final PriorityQueue<Long> again = new PriorityQueue<>();

    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private int sent;
    private int open;
    private volatile int answered;
    private volatile boolean over;

    public Crowd(Caller caller, String path, int clients, Random random) {
        this.address = caller.address();
        this.caller = caller;
        this.path = path;
        this.clients = clients;
        this.random = random;
    }

    /** Asks until {@link #end}, and then until all are answered. Returns what came of every request. */
    public List<Asked> run(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < clients; i++) {
                ask(selector);
            }
            while (open > 0 || !over) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(open + " requests without an answer: "
                            + selector.keys().size() + " open");
                }
                selector.select(20);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
                while (!over && !again.isEmpty() && again.peek() - System.nanoTime() <= 0) {
                    again.remove();
                    ask(selector);
                }
            }
        }
        return asked;
    }

    /** Nobody asks again. */
    public void end() {
        over = true;
    }

    /** Requests that have their answer. Any thread. */
    public int answered() {
        return answered;
    }

    private void ask(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        int number = sent++;
        ByteBuffer request =
                ByteBuffer.wrap(Wire.request(1, false, caller.params(path, Integer.toString(number)), new byte[0]));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Conversation(number));
        open++;
    }

    private void read(SelectionKey key) throws IOException {
        Conversation conversation = (Conversation) key.attachment();
        if (conversation.read((SocketChannel) key.channel(), in)) {
            return;
        }
        key.channel().close();
        open--;
        Asked done = new Asked(conversation.number, conversation.response, conversation.problem);
        asked.add(done);
        answered = asked.size();
        again.add(System.nanoTime() + pause(done));
    }

    /** Retry-After, and up to half a second more, so that not all come at once. */
    private long pause(Asked done) {
        String seconds = done.problem() == null ? done.response().answer().header("Retry-After") : "";
        long wait = seconds.isEmpty()
                ? 0
                : Duration.ofSeconds(Long.parseLong(seconds)).toNanos();
        return wait + random.nextInt(500) * 1_000_000L;
    }

    private static final class Conversation implements WebServerReader.Listener {
        final int number;
        final RawResponse response = new RawResponse();
        private final WebServerReader records = new WebServerReader(this);

        @Nullable
        String problem;

        Conversation(int number) {
            this.number = number;
        }

        /** False at its end, whatever that is. */
        boolean read(SocketChannel channel, ByteBuffer in) {
            try {
                int count = channel.read(in.clear());
                if (count >= 0) {
                    records.read(in.flip());
                    return true;
                }
                problem = response.end() == null ? "closed without END_REQUEST" : null;
            } catch (IOException broken) {
                problem = broken.toString();
            }
            return false;
        }

        @Override
        public void stdout(int id, ByteBuffer piece) {
            response.stdout(piece);
        }

        @Override
        public void stdoutEnd(int id) {}

        @Override
        public void stderr(int id, ByteBuffer piece) {
            response.stderr(piece);
        }

        @Override
        public void stderrEnd(int id) {}

        @Override
        public void endRequest(int id, EndRequest record) throws ProtocolException {
            response.end(record);
        }

        @Override
        public void getValuesResult(java.util.Map<String, String> values) {}

        @Override
        public void unknownType(int type) {}
    }
}
