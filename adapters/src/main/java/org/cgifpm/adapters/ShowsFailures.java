package org.cgifpm.adapters;

/**
 * An {@link Exchange} whose client is the script's own developer, so that it may see what went wrong. The development
 * front end's are; a production front end's never.
 */
public interface ShowsFailures {
    /**
     * Answers with an error page of its own and ends the exchange. Loop thread.
     *
     * @param status the HTTP status
     * @param reason what the log says
     * @param stderrTail the last of the script's standard error, ISO-8859-1, "" if there is none
     */
    void failure(int status, String reason, String stderrTail);
}
