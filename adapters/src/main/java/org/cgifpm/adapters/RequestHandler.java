package org.cgifpm.adapters;

/** What a front end does with a request whose params are complete: the supervisor's door. Loop thread only. */
@FunctionalInterface
public interface RequestHandler {
    /** Takes over the exchange. Always leads to {@link Exchange#end} or {@link Exchange#cut}, unless it is aborted. */
    void handle(Exchange exchange);
}
