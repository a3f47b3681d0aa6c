package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds out what a request asks for. Made on the loop thread, run on another, because the file system may block. */
final class Lookup {
    /**
     * What came out.
     *
     * @param page the rendered page, for a folder
     */
    record Found(Resource resource, @Nullable ByteBuffer page) {
        /** What the terminal line calls it. */
        String what() {
            if (resource instanceof Resource.StaticFile) {
                return "file";
            }
            return resource instanceof Resource.Folder ? "page" : "";
        }
    }

    private final ServerContext context;
    private final HttpRequest request;
    private final RequestTarget target;
    private final RequestPath path;

    Lookup(ServerContext context, HttpRequest request, RequestTarget target, RequestPath path) {
        this.context = context;
        this.request = request;
        this.target = target;
        this.path = path;
    }

    Found run() {
        try {
            Resource resource = context.site().find(path, target.query());
            boolean folder = resource instanceof Resource.Folder && request.isGetOrHead();
            ByteBuffer page = folder
                    ? ByteBuffer.wrap(context.listingPage().render(((Resource.Folder) resource).listing()))
                    : null;
            return new Found(resource, page);
        } catch (RuntimeException bug) {
            // A request that is never answered would be worse than one that is answered with our own mistake.
            return new Found(new Resource.Refused(500, "the look-up failed: " + bug, ""), null);
        }
    }
}
