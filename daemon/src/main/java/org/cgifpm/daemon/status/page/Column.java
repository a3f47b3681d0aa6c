package org.cgifpm.daemon.status.page;

/** What the page for people shows of each request that runs. */
enum Column {
    ID("id", "id"),
    METHOD("request method", "method"),
    URI("request uri", "URI"),
    SCRIPT("script", "script"),
    USER("user", "user"),
    PID("pid", "pid"),
    DURATION("request duration", "running for (µs)"),
    CPU("last request cpu", "CPU (%)"),
    MEMORY("last request memory", "memory (bytes)"),
    CLIENT("client", "client");

    private final String field;
    private final String title;

    Column(String field, String title) {
        this.field = field;
        this.title = title;
    }

    /** The field of {@link StatusFields} that stands in it. */
    String field() {
        return field;
    }

    String title() {
        return title;
    }
}
