package org.cgifpm.e2e.client;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The params that a web server would send for a script, to be changed one by one. */
public final class CgiParams {
    private CgiParams() {}

    /** {@code GET path?query} for the scripts below {@code root}; the path may go on behind the script's name. */
    public static Map<String, String> get(Path root, String path, String query) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("GATEWAY_INTERFACE", "CGI/1.1");
        params.put("REQUEST_METHOD", "GET");
        params.put("SCRIPT_FILENAME", root + path);
        params.put("SCRIPT_NAME", path);
        params.put("QUERY_STRING", query);
        params.put("REQUEST_URI", query.isEmpty() ? path : path + "?" + query);
        params.put("DOCUMENT_ROOT", root.toString());
        params.put("SERVER_PROTOCOL", "HTTP/1.1");
        params.put("SERVER_SOFTWARE", "raw/1");
        params.put("SERVER_NAME", "test.example");
        params.put("SERVER_PORT", "80");
        params.put("REMOTE_ADDR", "192.0.2.7");
        params.put("HTTP_HOST", "test.example");
        return params;
    }

    /** {@code POST path?query} with a body of {@code length} bytes. */
    public static Map<String, String> post(Path root, String path, String query, long length) {
        Map<String, String> params = get(root, path, query);
        params.put("REQUEST_METHOD", "POST");
        params.put("CONTENT_LENGTH", Long.toString(length));
        params.put("CONTENT_TYPE", "application/octet-stream");
        return params;
    }
}
