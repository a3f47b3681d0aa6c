package org.cgifpm.daemon.control;

import java.util.List;

/**
 * One answer to one command, as it goes over the wire.
 *
 * @param line ASCII, with its end
 * @param last the daemon will end: the connection stays open until it has
 * @param written run once on the loop thread, when the answer is out or nobody wants it any more
 */
record ControlAnswer(String line, boolean last, Runnable written) {
    /** The longest answer, bytes: far more than 1,000 pools need. */
    static final int LONGEST = 8 * 1024 * 1024;

    /** Writes the members of an answer, after {@code "ok"}. */
    interface Members {
        void write(com.google.gson.stream.JsonWriter json) throws java.io.IOException;
    }

    static ControlAnswer success(Members members) {
        return of(true, members);
    }

    /** @param code what the command line ends with: 1 failed, 2 wrong configuration or usage */
    static ControlAnswer failure(int code, List<String> problems) {
        return of(false, json -> {
            json.name("code").value(code);
            json.name("problems").beginArray();
            for (String problem : problems) {
                json.value(problem);
            }
            json.endArray();
        });
    }

    static ControlAnswer failure(int code, String problem) {
        return failure(code, List.of(problem));
    }

    ControlAnswer asLast() {
        return new ControlAnswer(line, true, written);
    }

    ControlAnswer whenWritten(Runnable task) {
        return new ControlAnswer(line, last, task);
    }

    private static ControlAnswer of(boolean ok, Members members) {
        AsciiLine line = new AsciiLine(LONGEST);
        try (var json = new com.google.gson.stream.JsonWriter(line)) {
            json.beginObject();
            json.name("ok").value(ok);
            members.write(json);
            json.endObject();
        } catch (AsciiLine.TooLongException e) {
            return failure(1, "the answer would be longer than " + LONGEST + " bytes; ask for less, such as one pool");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("memory cannot fail to be written", e);
        }
        return new ControlAnswer(line.text(), false, () -> {});
    }
}
