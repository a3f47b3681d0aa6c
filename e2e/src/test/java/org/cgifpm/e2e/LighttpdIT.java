package org.cgifpm.e2e;

import java.util.List;
import java.util.stream.Stream;
import org.cgifpm.e2e.front.Lighttpd;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class LighttpdIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static List<Lighttpd> lighttpds = List.of();

    @BeforeAll
    static void start() {
        Pool unix = LAB.unixPool("unix");
        Pool tcp = LAB.tcpPool("tcp");
        LAB.daemon(unix, tcp);
        lighttpds = List.of(Lighttpd.start(LAB, unix), Lighttpd.start(LAB, tcp));
    }

    @TestFactory
    Stream<DynamicTest> servesOverUnixAndTcp() {
        return CommonRequests.through(
                lighttpds.stream().flatMap(lighttpd -> lighttpd.ways().stream()).toList());
    }
}
