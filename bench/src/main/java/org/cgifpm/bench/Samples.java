package org.cgifpm.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.cgifpm.protocol.cgi.CgiEnvironment;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.NameValueWriter;

/** What is read and written: the request that nginx makes of a browser's GET, and an ordinary answer. */
final class Samples {
    static final CgiEnvironment.Policy POLICY =
            new CgiEnvironment.Policy("/usr/local/bin:/usr/bin:/bin", Map.of("TZ", "UTC"), false, null);
    static final CgiEnvironment.Script SCRIPT = new CgiEnvironment.Script("/srv/legacy/cgi-bin/form.py", "");

    static final byte[] HEAD = """
            Status: 200 OK
            Content-Type: text/html; charset=utf-8
            Cache-Control: no-store
            Set-Cookie: session=0123456789abcdef; Path=/; HttpOnly
            Content-Length: 1234

            """.getBytes(StandardCharsets.ISO_8859_1);

    private static final String[] PARAMS = {
        "SCRIPT_FILENAME", "/srv/legacy/cgi-bin/form.py",
        "QUERY_STRING", "name=value&other=1",
        "REQUEST_METHOD", "GET",
        "CONTENT_TYPE", "",
        "CONTENT_LENGTH", "",
        "SCRIPT_NAME", "/cgi-bin/form.py",
        "REQUEST_URI", "/cgi-bin/form.py?name=value&other=1",
        "DOCUMENT_URI", "/cgi-bin/form.py",
        "DOCUMENT_ROOT", "/srv/legacy",
        "SERVER_PROTOCOL", "HTTP/1.1",
        "REQUEST_SCHEME", "https",
        "HTTPS", "on",
        "GATEWAY_INTERFACE", "CGI/1.1",
        "SERVER_SOFTWARE", "nginx/1.22.1",
        "REMOTE_ADDR", "192.0.2.17",
        "REMOTE_PORT", "51234",
        "SERVER_ADDR", "192.0.2.1",
        "SERVER_PORT", "443",
        "SERVER_NAME", "legacy.example.org",
        "REDIRECT_STATUS", "200",
        "PATH_INFO", "",
        "HTTP_HOST", "legacy.example.org",
        "HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "HTTP_ACCEPT", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE", "en-US,en;q=0.5",
        "HTTP_ACCEPT_ENCODING", "gzip, deflate, br",
        "HTTP_COOKIE", "session=0123456789abcdef; theme=dark",
        "HTTP_CONNECTION", "keep-alive",
    };

    private Samples() {}

    static Params params() {
        Params params = new Params();
        for (int i = 0; i < PARAMS.length; i += 2) {
            params.add(PARAMS[i], PARAMS[i + 1]);
        }
        return params;
    }

    /** The content of the PARAMS record, ready to be read. */
    static ByteBuffer paramsContent() {
        ByteBuffer content = ByteBuffer.allocate(4096);
        for (Params.Param param : params().all()) {
            NameValueWriter.write(content, param.name(), param.value());
        }
        return content.flip();
    }
}
