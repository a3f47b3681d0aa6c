package org.cgifpm.e2e.front;

import org.cgifpm.e2e.client.Http;

/**
 * One way for an HTTP request to a pool: through which front end, set up how.
 *
 * @param name tells it from the others in the name of a test
 * @param port of 127.0.0.1
 * @param prefix comes before the path of a script, empty or {@code /something}
 */
public record Way(String name, int port, String prefix) {
    public Http get(String path) {
        return request("GET", path);
    }

    public Http request(String method, String path) {
        return Http.request(port, method, prefix + path);
    }

    public Http post(String path, byte[] body) {
        return Http.post(port, prefix + path, body);
    }

    public Http post(String path, String body) {
        return Http.post(port, prefix + path, body);
    }

    @Override
    public String toString() {
        return name;
    }
}
