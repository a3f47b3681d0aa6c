package org.cgifpm.protocol.cgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.Cuts;

/** A {@link ResponseHeadParser} that tells the head line by line, then the body. */
final class HeadRun implements Cuts.Run {
    private final ResponseHeadParser parser;
    private final List<String> told = new ArrayList<>();
    private boolean inBody;

    HeadRun(int maxBytes) {
        parser = new ResponseHeadParser(maxBytes);
    }

    @Override
    public void read(ByteBuffer piece) throws IOException {
        if (!inBody) {
            ResponseHead head = parser.read(piece);
            if (head == null) {
                return;
            }
            inBody = true;
            told.add(head.status() + " " + head.reason());
            head.headers().forEach(header -> told.add(header.name() + ": " + header.value()));
            if (head.contentLength() >= 0) {
                told.add("body of " + head.contentLength());
            }
            told.add("");
        }
        byte[] body = new byte[piece.remaining()];
        piece.get(body);
        int last = told.size() - 1;
        told.set(last, told.get(last) + new String(body, StandardCharsets.ISO_8859_1));
    }

    @Override
    public List<String> told() {
        return told;
    }

    String atEnd() {
        return String.valueOf(parser.atEnd().getMessage());
    }
}
