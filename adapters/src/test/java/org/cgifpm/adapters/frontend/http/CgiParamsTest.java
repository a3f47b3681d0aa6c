package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.frontend.http.HttpRequest.Field;
import org.cgifpm.protocol.cgi.Params;
import org.junit.jupiter.api.Test;

class CgiParamsTest {
    private final CgiParams maker = new CgiParams("/srv/w", "127.0.0.1", 8080);

    private Params params(String pathInfo, long length, String peer, String... fields) throws Exception {
        List<Field> list = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            list.add(new Field(fields[i], fields[i + 1]));
        }
        HttpRequest request = new HttpRequest("POST", "/a.py?q=1", 1, list);
        Resource.Script script = new Resource.Script("/a.py", pathInfo, "/srv/w/a.py");
        return maker.of(request, RequestTarget.of(request.target()), script, length, peer);
    }

    @Test
    void describesARequestAsAServerDoes() throws Exception {
        Params params = params(
                "/x y", 3, "127.0.0.1:50122", "Host", "example.com:8080", "Content-Length", "3", "Content-Type", "a/b");
        assertEquals("CGI/1.1", params.get("GATEWAY_INTERFACE"));
        assertEquals("POST", params.get("REQUEST_METHOD"));
        assertEquals("/a.py?q=1", params.get("REQUEST_URI"));
        assertEquals("q=1", params.get("QUERY_STRING"));
        assertEquals("/a.py", params.get("SCRIPT_NAME"));
        assertEquals("/srv/w/a.py", params.get("SCRIPT_FILENAME"));
        assertEquals("/x y", params.get("PATH_INFO"));
        assertEquals("/srv/w/x y", params.get("PATH_TRANSLATED"));
        assertEquals("example.com", params.get("SERVER_NAME"));
        assertEquals("8080", params.get("SERVER_PORT"));
        assertEquals("HTTP/1.1", params.get("SERVER_PROTOCOL"));
        assertEquals("127.0.0.1", params.get("REMOTE_ADDR"));
        assertEquals("127.0.0.1", params.get("REMOTE_HOST"));
        assertEquals("50122", params.get("REMOTE_PORT"));
        assertEquals("3", params.get("CONTENT_LENGTH"));
        assertEquals("a/b", params.get("CONTENT_TYPE"));
        assertNull(params.get("HTTP_CONTENT_LENGTH"));
        assertEquals("example.com:8080", params.get("HTTP_HOST"));
    }

    @Test
    void leavesOutWhatThereIsNot() throws Exception {
        Params params = params("", -1, "::1", "Transfer-Encoding", "chunked");
        assertNull(params.get("PATH_INFO"));
        assertNull(params.get("PATH_TRANSLATED"));
        assertNull(params.get("CONTENT_LENGTH"));
        assertNull(params.get("CONTENT_TYPE"));
        assertEquals("chunked", params.get("HTTP_TRANSFER_ENCODING"));
    }

    @Test
    void keepsDuplicatesApartAndDropsWhatIsAmbiguous() throws Exception {
        Params params = params(
                "", 0, "[::1]:7", "Cookie", "a=1", "cookie", "b=2", "X_Real_IP", "evil", "Proxy", "evil", "X-A.b", "c");
        List<Params.Param> http = params.all().stream()
                .filter(param -> param.name().startsWith("HTTP_"))
                .toList();
        assertEquals(
                List.of(
                        new Params.Param("HTTP_COOKIE", "a=1"),
                        new Params.Param("HTTP_COOKIE", "b=2"),
                        new Params.Param("HTTP_X_A.B", "c")),
                http);
        assertEquals("::1", params.get("REMOTE_ADDR"));
        assertEquals("7", params.get("REMOTE_PORT"));
    }

    @Test
    void doesNotTakeAnythingForAHostName() throws Exception {
        assertEquals("[::1]", params("", 0, "x", "Host", "[::1]:8080").get("SERVER_NAME"));
        assertEquals("[::1]", params("", 0, "x", "Host", "[::1]").get("SERVER_NAME"));
        assertEquals("127.0.0.1", params("", 0, "x", "Host", "<b>").get("SERVER_NAME"));
        assertEquals("127.0.0.1", params("", 0, "x", "Host", "").get("SERVER_NAME"));
        assertEquals("127.0.0.1", params("", 0, "x").get("SERVER_NAME"));
    }
}
