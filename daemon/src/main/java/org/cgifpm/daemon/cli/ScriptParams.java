package org.cgifpm.daemon.cli;

import org.cgifpm.protocol.cgi.Params;

/** The params that a front end sends with a plain GET. */
final class ScriptParams {
    private ScriptParams() {}

    /**
     * @param root the pool's
     * @param script absolute, or below root
     */
    static Params of(String root, String script) {
        String base = root.equals("/") ? "" : root;
        String file = script.startsWith("/") ? script : base + "/" + script;
        String name = file.startsWith(base + "/") ? file.substring(base.length()) : file;
        Params params = new Params();
        params.add("SCRIPT_FILENAME", file);
        params.add("SCRIPT_NAME", name);
        params.add("REQUEST_URI", name);
        params.add("DOCUMENT_URI", name);
        params.add("DOCUMENT_ROOT", root);
        params.add("QUERY_STRING", "");
        params.add("REQUEST_METHOD", "GET");
        params.add("CONTENT_TYPE", "");
        params.add("CONTENT_LENGTH", "");
        params.add("REQUEST_SCHEME", "http");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("SERVER_NAME", "localhost");
        params.add("SERVER_ADDR", "127.0.0.1");
        params.add("SERVER_PORT", "80");
        params.add("REMOTE_ADDR", "127.0.0.1");
        params.add("REMOTE_PORT", "50000");
        params.add("HTTP_HOST", "localhost");
        return params;
    }
}
