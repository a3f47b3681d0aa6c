package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.util.List;
import org.cgifpm.protocol.Cuts;

/** An {@link ApplicationReader} and what it told. */
final class ApplicationRun implements Cuts.Run, ApplicationReader.Listener {
    private final ApplicationReader reader = new ApplicationReader(this);
    private final Told told = new Told();

    @Override
    public void read(ByteBuffer piece) throws ProtocolException {
        reader.read(piece);
    }

    @Override
    public List<String> told() {
        return told.events();
    }

    boolean betweenRecords() {
        return reader.betweenRecords();
    }

    @Override
    public void beginRequest(int id, BeginRequest begin) {
        told.event("begin " + id + " role " + begin.role() + (begin.keepConnection() ? " keep" : ""));
    }

    @Override
    public void abortRequest(int id) {
        told.event("abort " + id);
    }

    @Override
    public void params(int id, ByteBuffer piece) {
        told.piece("params", id, piece);
    }

    @Override
    public void paramsEnd(int id) {
        told.event("params end " + id);
    }

    @Override
    public void stdin(int id, ByteBuffer piece) {
        told.piece("stdin", id, piece);
    }

    @Override
    public void stdinEnd(int id) {
        told.event("stdin end " + id);
    }

    @Override
    public void data(int id, ByteBuffer piece) {
        told.piece("data", id, piece);
    }

    @Override
    public void dataEnd(int id) {
        told.event("data end " + id);
    }

    @Override
    public void getValues(List<String> names) {
        told.event("get values " + names);
    }

    @Override
    public void unknownManagement(int type) {
        told.event("unknown management type " + type);
    }
}
