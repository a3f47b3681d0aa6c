package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.cgifpm.protocol.Cuts;

/** A {@link WebServerReader} and what it told. */
final class WebServerRun implements Cuts.Run, WebServerReader.Listener {
    private final WebServerReader reader = new WebServerReader(this);
    private final Told told = new Told();

    @Override
    public void read(ByteBuffer piece) throws ProtocolException {
        reader.read(piece);
    }

    @Override
    public List<String> told() {
        return told.events();
    }

    @Override
    public void stdout(int id, ByteBuffer piece) {
        told.piece("stdout", id, piece);
    }

    @Override
    public void stdoutEnd(int id) {
        told.event("stdout end " + id);
    }

    @Override
    public void stderr(int id, ByteBuffer piece) {
        told.piece("stderr", id, piece);
    }

    @Override
    public void stderrEnd(int id) {
        told.event("stderr end " + id);
    }

    @Override
    public void endRequest(int id, EndRequest end) {
        told.event("end " + id + " app " + end.appStatus() + " protocol " + end.protocolStatus());
    }

    @Override
    public void getValuesResult(Map<String, String> values) {
        told.event("values " + values);
    }

    @Override
    public void unknownType(int type) {
        told.event("unknown type " + type);
    }
}
