package org.cgifpm.e2e.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.WebServerReader;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one thing after the other over one FastCGI connection, as a web server with kept connections does. It writes
 * the whole request before it reads, so bodies must be small. For one thread.
 */
public final class KeptClient implements AutoCloseable, WebServerReader.Listener {
    private final SocketAddress address;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private WebServerReader records = new WebServerReader(this);
    private RawResponse response = new RawResponse();
    private @Nullable SocketChannel channel;

    public KeptClient(SocketAddress address) {
        this.address = address;
    }

    /**
     * The answer to one request.
     *
     * @throws IOException if the connection ends before the request
     */
    public Answer ask(Map<String, String> params, byte[] body) throws IOException {
        response = new RawResponse();
        SocketChannel open = channel;
        if (open == null) {
            open = SocketChannel.open(address);
            channel = open;
            records = new WebServerReader(this);
        }
        ByteBuffer request = ByteBuffer.wrap(Wire.request(1, true, params, body));
        while (request.hasRemaining()) {
            open.write(request);
        }
        while (response.end() == null) {
            if (open.read(in.clear()) < 0) {
                throw new IOException("closed before END_REQUEST: " + response);
            }
            records.read(in.flip());
        }
        return response.answer();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
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
    public void getValuesResult(Map<String, String> values) {}

    @Override
    public void unknownType(int type) {}
}
