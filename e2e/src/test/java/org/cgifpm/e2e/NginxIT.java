package org.cgifpm.e2e;

import java.util.List;
import java.util.stream.Stream;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class NginxIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Nginx nginx;

    @BeforeAll
    static void start() {
        Pool unix = LAB.unixPool("unix");
        Pool tcp = LAB.tcpPool("tcp");
        LAB.daemon(unix, tcp);
        List<Nginx.Server> servers = Stream.of(Nginx.Mode.values())
                .flatMap(mode -> Stream.of(Nginx.server(unix, mode), Nginx.server(tcp, mode)))
                .toList();
        nginx = Nginx.start(LAB, servers);
    }

    @TestFactory
    Stream<DynamicTest> servesBufferedUnbufferedAndKeptOverUnixAndTcp() {
        return CommonRequests.through(nginx.ways());
    }
}
