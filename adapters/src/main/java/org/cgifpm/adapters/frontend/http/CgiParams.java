package org.cgifpm.adapters.frontend.http;

import org.cgifpm.protocol.cgi.Params;

/**
 * Makes the params of a script's request as a web server does (RFC 3875, 4.1).
 *
 * <p>Fields that came twice stay two params; names with an underscore are dropped, because {@code X_Real_IP} would be
 * taken for {@code X-Real-IP}; {@code Proxy} is dropped, because scripts would obey it as HTTP_PROXY.
 */
final class CgiParams {
    private final String documentRoot;
    private final String serverAddress;
    private final String serverPort;

    /**
     * @param documentRoot ISO-8859-1, absolute
     * @param serverAddress the address that the server listens on
     */
    CgiParams(String documentRoot, String serverAddress, int serverPort) {
        this.documentRoot = documentRoot;
        this.serverAddress = serverAddress;
        this.serverPort = Integer.toString(serverPort);
    }

    /**
     * @param bodyLength what Content-Length says, 0 without a body, -1 when it is not known
     * @param peer {@code 127.0.0.1:50122} or {@code [::1]:50122}
     */
    Params of(HttpRequest request, RequestTarget target, Resource.Script script, long bodyLength, String peer) {
        Params params = new Params();
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("SERVER_SOFTWARE", "cgi-fpm");
        params.add("SERVER_PROTOCOL", "HTTP/1." + request.minor());
        params.add("SERVER_NAME", serverName(request));
        params.add("SERVER_ADDR", serverAddress);
        params.add("SERVER_PORT", serverPort);
        params.add("REQUEST_SCHEME", "http");
        params.add("REQUEST_METHOD", request.method());
        params.add("REQUEST_URI", target.uri());
        params.add("QUERY_STRING", target.query());
        params.add("DOCUMENT_ROOT", documentRoot);
        params.add("SCRIPT_NAME", script.scriptName());
        params.add("SCRIPT_FILENAME", script.filename());
        if (!script.pathInfo().isEmpty()) {
            params.add("PATH_INFO", script.pathInfo());
            params.add("PATH_TRANSLATED", documentRoot + script.pathInfo());
        }
        peer(params, peer);
        if (bodyLength > 0 || request.field("Content-Length") != null) {
            params.add("CONTENT_LENGTH", Long.toString(bodyLength));
        }
        String type = request.field("Content-Type");
        if (type != null) {
            params.add("CONTENT_TYPE", type);
        }
        for (HttpRequest.Field field : request.fields()) {
            addField(params, field);
        }
        return params;
    }

    private static void addField(Params params, HttpRequest.Field field) {
        String name = field.name();
        boolean elsewhere = name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Content-Type");
        if (elsewhere || name.indexOf('_') >= 0 || name.equalsIgnoreCase("Proxy")) {
            return;
        }
        StringBuilder variable = new StringBuilder("HTTP_");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '-') {
                variable.append('_');
            } else {
                variable.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
            }
        }
        params.add(variable.toString(), field.value());
    }

    private static void peer(Params params, String peer) {
        int colon = peer.lastIndexOf(':');
        String address = colon < 0 ? peer : peer.substring(0, colon);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        params.add("REMOTE_ADDR", address);
        params.add("REMOTE_HOST", address);
        if (colon >= 0) {
            params.add("REMOTE_PORT", peer.substring(colon + 1));
        }
    }

    /** The host that the client named, without the port, if it is written as a host; else the own address. */
    private String serverName(HttpRequest request) {
        String host = request.field("Host");
        if (host == null) {
            return serverAddress;
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        String name = port ? host.substring(0, colon) : host;
        boolean plain = !name.isEmpty() && name.chars().allMatch(CgiParams::mayStandInHost);
        return plain ? name : serverAddress;
    }

    private static boolean mayStandInHost(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || "-._~[]:".indexOf(c) >= 0;
    }
}
