package org.cgifpm.adapters;

/**
 * An {@link Exchange} whose front end shows a person what went wrong, as {@code cgi-fpm serve} does.
 *
 * <p>Whoever would answer a failure with a plain head and text asks first {@code exchange instanceof ShowsFailures} and
 * calls {@link #failure} instead. Front ends that face the world do not implement this: what a script wrote to stderr
 * is none of a visitor's business. Loop thread only.
 */
public interface ShowsFailures {
    /**
     * Answers the exchange with a page that tells the failure, and ends it. If a head went out already, it is
     * {@link Exchange#cut}.
     *
     * @param status 400 to 599
     * @param reason what happened, as it stands in the log, ISO-8859-1
     * @param stderrTail the end of what the script wrote to stderr, at most the last 4 kB are shown; may be empty
     */
    void failure(int status, String reason, String stderrTail);

    /**
     * Lines that the script wrote to stderr were logged; the line that tells of the request says so.
     *
     * @param lines how many, added to those of earlier calls
     * @param where where they can be read: {@code above} for the same terminal, or a file's name
     */
    void stderrLogged(int lines, String where);
}
