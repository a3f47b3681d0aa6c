package org.cgifpm.daemon.status.page;

import java.util.List;
import org.cgifpm.daemon.status.metrics.PoolMetrics;
import org.cgifpm.protocol.cgi.ResponseHead.Header;

/** In which form a status page is sent. */
enum StatusFormat {
    PLAIN("text/plain; charset=utf-8"),
    JSON("application/json; charset=utf-8"),
    XML("text/xml; charset=utf-8"),
    HTML("text/html; charset=utf-8"),
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String type;

    StatusFormat(String type) {
        this.type = type;
    }

    /** Its media type. */
    String type() {
        return type;
    }

    /** Fields of the head that only this form has. */
    List<Header> headers() {
        return this == HTML ? List.of(new Header("Content-Security-Policy", HtmlPage.policy())) : List.of();
    }

    /** @param full with the requests that run */
    String render(Snapshot snapshot, boolean full) {
        return switch (this) {
            case PLAIN -> PlainPage.render(snapshot, full);
            case JSON -> JsonPage.render(snapshot, full);
            case XML -> XmlPage.render(snapshot, full);
            case HTML -> HtmlPage.render(snapshot, full);
            case OPENMETRICS -> PoolMetrics.page(snapshot.pool(), snapshot.nowMillis());
        };
    }
}
