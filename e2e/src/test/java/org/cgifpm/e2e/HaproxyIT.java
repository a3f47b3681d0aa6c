package org.cgifpm.e2e;

import java.util.List;
import java.util.stream.Stream;
import org.cgifpm.e2e.front.Haproxy;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class HaproxyIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Haproxy haproxy;

    @BeforeAll
    static void start() {
        Pool unix = LAB.unixPool("unix");
        Pool tcp = LAB.tcpPool("tcp");
        LAB.daemon(unix, tcp);
        List<Haproxy.Server> servers = Stream.of(Haproxy.Mode.values())
                .flatMap(mode -> Stream.of(Haproxy.server(unix, mode), Haproxy.server(tcp, mode)))
                .toList();
        haproxy = Haproxy.start(LAB, servers);
    }

    @TestFactory
    Stream<DynamicTest> servesPlainMultiplexedAndAskingOverUnixAndTcp() {
        return CommonRequests.through(haproxy.ways());
    }
}
