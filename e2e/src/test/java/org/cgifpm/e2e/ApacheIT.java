package org.cgifpm.e2e;

import java.util.List;
import java.util.stream.Stream;
import org.cgifpm.e2e.front.Apache;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class ApacheIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static List<Apache> apaches = List.of();

    @BeforeAll
    static void start() {
        Pool unix = LAB.unixPool("unix");
        Pool tcp = LAB.tcpPool("tcp");
        LAB.daemon(unix, tcp);
        apaches = List.of(Apache.start(LAB, unix), Apache.start(LAB, tcp));
    }

    @TestFactory
    Stream<DynamicTest> servesByHandlerAndByProxyPassOverUnixAndTcp() {
        return CommonRequests.through(
                apaches.stream().flatMap(apache -> apache.ways().stream()).toList());
    }
}
