package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.fastcgi.ApplicationReader;
import org.cgifpm.protocol.fastcgi.BeginRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.Role;

/** Sorts what a front end sends to the requests of its connection. Loop thread only. */
final class RequestRecords implements ApplicationReader.Listener {
    private final FastCgiConnection connection;
    private final ConnectionSurroundings around;
    private final OpenRequests requests;
    private final List<FastCgiExchange> toHandle = new ArrayList<>(1);

    RequestRecords(FastCgiConnection connection, ConnectionSurroundings around, OpenRequests requests) {
        this.connection = connection;
        this.around = around;
        this.requests = requests;
    }

    /** After a read, and not before: a request whose whole body came in the same read shall be seen with it. */
    void handleNew() {
        for (int i = 0; i < toHandle.size() && connection.open(); i++) {
            FastCgiExchange exchange = toHandle.get(i);
            if (!exchange.done()) {
                around.events().handle(exchange, exchange.paramsTooLarge());
            }
        }
        toHandle.clear();
    }

    @Override
    public void beginRequest(int id, BeginRequest begin) throws ProtocolException {
        if (!connection.open()) {
            return; // nobody would answer it any more
        }
        FastCgiExchange before = requests.get(id);
        if (before != null && !before.done()) {
            throw new ProtocolException("BEGIN_REQUEST for request " + id + ", which is under way");
        }
        Role role = Role.of(begin.role());
        if (role == null || !around.limits().roles().contains(role)) {
            connection.refuse(id, begin.keepConnection(), ProtocolStatus.UNKNOWN_ROLE);
        } else if (requests.size() >= ConnectionLimits.MAX_MULTIPLEXED) {
            connection.refuse(id, begin.keepConnection(), ProtocolStatus.OVERLOADED);
        } else {
            long number = around.events().nextId();
            long now = around.loop().now();
            requests.put(id, new FastCgiExchange(connection, id, role, begin.keepConnection(), number, now));
            connection.cancelLinger();
        }
    }

    @Override
    public void abortRequest(int id) {
        FastCgiExchange exchange = requests.remove(id);
        if (exchange != null && !exchange.done()) {
            exchange.abort("the front end sent ABORT_REQUEST");
            connection.aborted(exchange);
        } else if (exchange != null) {
            connection.cancelLinger();
        }
    }

    @Override
    public void params(int id, ByteBuffer piece) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null && !exchange.done()) {
            exchange.paramsArrived(piece);
        }
    }

    @Override
    public void paramsEnd(int id) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null && !exchange.done()) {
            exchange.paramsEnded();
            toHandle.add(exchange);
        }
    }

    @Override
    public void stdin(int id, ByteBuffer piece) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null) {
            exchange.input().stdin(piece);
        }
    }

    @Override
    public void stdinEnd(int id) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null) {
            exchange.input().stdinEnd();
            forgetIfOver(id, exchange);
        }
    }

    @Override
    public void data(int id, ByteBuffer piece) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null) {
            exchange.input().data(piece);
        }
    }

    @Override
    public void dataEnd(int id) throws ProtocolException {
        FastCgiExchange exchange = requests.get(id);
        if (exchange != null) {
            exchange.input().dataEnd();
            forgetIfOver(id, exchange);
        }
    }

    private void forgetIfOver(int id, FastCgiExchange exchange) {
        if (exchange.done() && exchange.input().complete()) {
            requests.remove(id);
            connection.cancelLinger();
        }
    }

    @Override
    public void getValues(List<String> names) {
        connection.answerManagement(ManagementAnswers.values(names, around.limits()));
    }

    @Override
    public void unknownManagement(int type) {
        connection.answerManagement(ManagementAnswers.unknownType(type));
    }
}
