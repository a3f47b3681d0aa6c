package org.cgifpm.e2e.front;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;

/** Several front ends for the same pool at once. */
public final class FrontEnds {
    private FrontEnds() {}

    /** nginx in each of its modes. */
    public static List<Way> nginx(Lab lab, Pool pool, Path root) {
        return Nginx.start(
                        lab,
                        Stream.of(Nginx.Mode.values())
                                .map(mode -> Nginx.server(pool, mode))
                                .toList(),
                        root)
                .ways();
    }

    /** nginx in each of its modes, lighttpd, and Apache in both of its ways. */
    public static List<Way> all(Lab lab, Pool pool, Path root) {
        return Stream.of(
                        nginx(lab, pool, root),
                        Lighttpd.start(lab, pool, root).ways(),
                        Apache.start(lab, pool, root).ways())
                .flatMap(List::stream)
                .toList();
    }
}
