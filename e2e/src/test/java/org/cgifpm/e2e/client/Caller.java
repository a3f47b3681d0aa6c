package org.cgifpm.e2e.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Asks a pool for its scripts directly, a connection for each request, without a front end between. */
public record Caller(SocketAddress address, Path root) {
    public Map<String, String> params(String path) {
        return CgiParams.get(root, path, "");
    }

    public Map<String, String> params(String path, String query) {
        return CgiParams.get(root, path, query);
    }

    public RawResponse get(String path) throws IOException {
        return call(params(path));
    }

    public RawResponse get(String path, String query) throws IOException {
        return call(params(path, query));
    }

    public RawResponse post(String path, byte[] body) throws IOException {
        return RawClient.exchange(address, CgiParams.post(root, path, "", body.length), body);
    }

    /** What verbatim.sh makes of {@code output}: a script that prints exactly these bytes, given as ISO-8859-1. */
    public RawResponse scriptThatPrints(String output) throws IOException {
        return post("/verbatim.sh", output.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawResponse call(Map<String, String> params) throws IOException {
        return RawClient.exchange(address, params, new byte[0]);
    }

    public RawClient connect() throws IOException {
        return RawClient.connect(address);
    }
}
