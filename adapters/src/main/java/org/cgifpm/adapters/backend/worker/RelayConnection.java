package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.buffers.RecordQueue;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;
import org.cgifpm.protocol.fastcgi.WebServerReader;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a worker: requests out, answers back. Loop thread only.
 *
 * <p>The worker is not trusted: whatever it sends that belongs to no request of this connection, or is no record at all,
 * ends its service. While the front end of a request takes nothing, nothing is read, and so on a connection that carries
 * several requests the slowest front end sets the pace.
 */
final class RelayConnection {
    private static final int READS_PER_TURN = 4;
    private static final List<String> QUESTIONS = List.of("FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS");

    /** What the worker hears of its connection. */
    interface Owner {
        /** It has ended; what it carried has been told before. */
        void closed(RelayConnection connection);

        /** What came is not FastCGI, or not for this moment. */
        void misbehaved(String why);

        /** The answer to {@link RelayConnection#ask}. */
        void told(Map<String, String> values);
    }

    private final EventLoop loop;
    private final ProcessSurroundings machine;
    private final int fd;
    /** It carries one request, and the worker is told to close it after that. */
    private final boolean once;

    private Owner owner;
    private final RecordQueue out;
    private final WebServerReader reader = new WebServerReader(new Records());
    private final Registration registration;
    /** Those that are under way; with most workers one. */
    private final List<RelayRequest> requests = new ArrayList<>(1);

    private int lastId;
    private boolean keeps = true;
    private boolean asked;
    private boolean heard;
    private boolean writeBroken;
    private boolean closed;

    /** @param once whether it is closed after its first request */
    RelayConnection(ProcessSurroundings machine, BufferPool buffers, int fd, boolean once, Owner owner)
            throws SyscallException {
        this.loop = machine.loop();
        this.machine = machine;
        this.fd = fd;
        this.once = once;
        this.owner = owner;
        this.out = new RecordQueue(machine.syscalls(), fd, buffers);
        this.registration = loop.register(fd, EventLoop.IN, this::ready);
    }

    /** Another process accepts it now: the one before has ended without having done so. */
    void owner(Owner next) {
        owner = next;
    }

    /** Requests that are under way on it. */
    int load() {
        return requests.size();
    }

    List<RelayRequest> requests() {
        return List.copyOf(requests);
    }

    /** Whether it can carry another request once it carries none. */
    boolean reusable() {
        return !closed && keeps && !writeBroken && out.pending() == 0;
    }

    boolean idle() {
        return requests.isEmpty() && !asked && reusable();
    }

    /** Begins a request; its body follows by {@link #body}, then {@link #flush}. */
    void begin(RelayRequest request) {
        do {
            lastId = lastId % 65535 + 1;
        } while (find(lastId) != null); // one that takes very long may still have its number when they begin anew
        request.id(lastId);
        requests.add(request);
        // An authorizer reads no STDIN, and what it has not read would be in the way of the next request.
        boolean keep = !once && request.role() != Role.AUTHORIZER;
        keeps = keep;
        RequestHead.write(out, lastId, request.role(), keep, request.params());
    }

    /** How many bytes of bodies may be added now. */
    int bodyRoom() {
        return writeBroken ? Integer.MAX_VALUE : Math.max(0, RelaySettings.BODY_MEMORY - out.pending());
    }

    /** Adds bytes of a stream, no more than {@link #bodyRoom}. */
    void body(RecordType type, int id, ByteBuffer bytes) {
        if (writeBroken) {
            bytes.position(bytes.limit());
        } else {
            out.stream(type, id, bytes);
        }
    }

    void endOfStream(RecordType type, int id) {
        if (!writeBroken) {
            ByteBuffer into = out.room(RecordWriter.HEADER);
            RecordWriter.endOfStream(into, type, id);
            out.filled(RecordWriter.HEADER);
        }
    }

    /** Tells the worker that nobody waits for that request any more (FastCGI 1.0, 5.4). */
    void abort(int id) {
        if (!writeBroken) {
            ByteBuffer into = out.room(RecordWriter.HEADER);
            RecordWriter.abortRequest(into, id);
            out.filled(RecordWriter.HEADER);
            flush();
        }
    }

    /** Writes what the worker takes. */
    void flush() {
        if (closed) {
            return;
        }
        boolean full = bodyRoom() == 0;
        if (!writeBroken && out.flush() < 0) {
            // It may have answered before it went: what it wrote is read first. One that has not gone must not wait for
            // what does not come any more.
            writeBroken = true;
            out.clear();
            machine.syscalls().shutdownWrite(fd);
        }
        if (full && bodyRoom() > 0) {
            for (RelayRequest request : requests()) {
                request.bodyMayGoOn();
            }
        }
        interest();
    }

    /** Asks what the worker can do (FastCGI 1.0, 4.1). Only while it carries nothing. */
    void ask() {
        asked = true;
        ByteBuffer into = out.room(BufferPool.SIZE);
        int before = into.position();
        RecordWriter.getValues(into, QUESTIONS);
        out.filled(into.position() - before);
        flush();
    }

    boolean isAsked() {
        return asked;
    }

    /** A front end takes bytes again. */
    void resume() {
        interest();
    }

    private void interest() {
        if (closed) {
            return;
        }
        int wanted = room() > 0 ? EventLoop.IN : 0;
        if (!writeBroken && out.pending() > 0) {
            wanted |= EventLoop.OUT;
        }
        registration.interest(wanted);
    }

    private int room() {
        int room = Integer.MAX_VALUE;
        for (RelayRequest request : requests) {
            room = Math.min(room, request.room());
        }
        return room;
    }

    private void ready(int events) {
        try {
            if ((events & EventLoop.OUT) != 0) {
                flush();
            }
            if ((events & ~EventLoop.OUT) != 0) {
                input();
            }
        } catch (RuntimeException | Error e) {
            // What was read is lost in part: nothing that still comes could be trusted to be what it looks like.
            end("internal error");
            throw e;
        }
    }

    private void input() {
        for (int i = 0; i < READS_PER_TURN && !closed; i++) {
            int room = room();
            if (room == 0) {
                interest();
                return;
            }
            ByteBuffer buffer = machine.scratch().clear();
            buffer.limit(Math.min(room, buffer.capacity()));
            int count = machine.syscalls().read(fd, buffer);
            if (count == -Errno.EAGAIN) {
                return;
            }
            if (count <= 0) {
                ended(count);
                return;
            }
            heard = true;
            boolean more = !buffer.hasRemaining();
            try {
                reader.read(buffer.flip());
            } catch (ProtocolException e) {
                misbehaved(e.getMessage() == null ? "protocol error" : e.getMessage());
                return;
            }
            if (!more) {
                return;
            }
        }
    }

    /** Whether the worker is known to have accepted it: it has sent something. */
    boolean heard() {
        return heard;
    }

    /** Reads what there is now, as nobody will send more. False: it has ended. */
    boolean drain() {
        requests.forEach(RelayRequest::hurry);
        input();
        return !closed;
    }

    private void misbehaved(String why) {
        // The worker first: what it has broken is not given to it again.
        owner.misbehaved(why);
        end("the worker broke the protocol: " + why);
    }

    private void ended(int result) {
        end(
                result == 0
                        ? "the worker closed the connection"
                        : "the connection to the worker broke: " + Errno.words(-result));
    }

    private void end(String why) {
        if (!closed) {
            List<RelayRequest> left = requests();
            close();
            for (RelayRequest request : left) {
                request.connectionLost(why);
            }
            owner.closed(this);
        }
    }

    /** Closes it; nobody is told. */
    void close() {
        if (!closed) {
            closed = true;
            requests.clear();
            registration.closeWithDescriptor();
            out.clear();
            machine.syscalls().closeConnection(fd);
        }
    }

    boolean isClosed() {
        return closed;
    }

    private @Nullable RelayRequest find(int id) {
        for (RelayRequest request : requests) {
            if (request.id() == id) {
                return request;
            }
        }
        return null;
    }

    private RelayRequest active(int id, RecordType type) throws ProtocolException {
        RelayRequest request = find(id);
        if (request == null) {
            throw new ProtocolException(type + " for request " + id + ", which is not under way");
        }
        return request;
    }

    private final class Records implements WebServerReader.Listener {
        @Override
        public void stdout(int id, ByteBuffer piece) throws ProtocolException {
            active(id, RecordType.STDOUT).stdout(piece);
        }

        @Override
        public void stdoutEnd(int id) throws ProtocolException {
            active(id, RecordType.STDOUT).stdoutEnd();
        }

        @Override
        public void stderr(int id, ByteBuffer piece) throws ProtocolException {
            active(id, RecordType.STDERR).stderr(piece);
        }

        @Override
        public void stderrEnd(int id) throws ProtocolException {
            active(id, RecordType.STDERR);
        }

        @Override
        public void endRequest(int id, EndRequest end) throws ProtocolException {
            RelayRequest request = active(id, RecordType.END_REQUEST);
            requests.remove(request);
            if (!request.inputSent()) {
                // What is left of its body would be in the way of the next request.
                keeps = false;
            }
            request.ended(end);
        }

        @Override
        public void getValuesResult(Map<String, String> values) throws ProtocolException {
            if (!asked) {
                throw new ProtocolException("GET_VALUES_RESULT that nobody asked for");
            }
            asked = false;
            owner.told(values);
        }

        @Override
        public void unknownType(int type) throws ProtocolException {
            getValuesResult(Map.of());
        }
    }
}
