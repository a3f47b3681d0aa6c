package org.cgifpm.adapters;

/** A persistent FastCGI application: what its workers are and how they are started. It knows no worker. */
public interface Application {
    /**
     * Which it is, within its pool.
     *
     * @param program the path of its program or script, links resolved, ISO-8859-1
     * @param uid whom its workers run as; above 2<sup>31</sup> - 1 it looks negative here
     */
    record Key(String program, int uid) {}

    Key key();

    /**
     * What starts one more worker, found and checked anew each time; its environment is the application's, not a
     * request's. On a launch thread, where it may block.
     *
     * @throws RefusedException if a check says no by now, or it is gone
     */
    LaunchPlan plan() throws RefusedException;

    /**
     * Something that is another when the application's file is another one or has other contents, "" where nobody shall
     * look. On a launch thread, where it may block.
     */
    String version();
}
