package org.cgifpm.adapters.frontend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Descriptors of this process that a front end may have opened: sockets, pipes, epolls, files without a name. */
final class Descriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final List<String> KINDS = List.of("socket:", "pipe:", "anon_inode:");

    private Descriptors() {}

    /** Makes the JDK open now what it keeps open for its own sockets. */
    static void warmUp() throws IOException {
        Path folder = Files.createTempDirectory("warm");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            server.bind(address);
            SocketChannel.open(address).close();
            selector.selectNow();
        }
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel.open(server.getLocalAddress()).close();
        }
        Files.delete(folder.resolve("s"));
        Files.delete(folder);
    }

    static long count() throws IOException {
        return count(target -> KINDS.stream().anyMatch(target::startsWith) || target.endsWith(" (deleted)"));
    }

    static long countBelow(Path folder) throws IOException {
        return count(target -> target.startsWith(folder + "/"));
    }

    private static long count(Predicate<String> wanted) throws IOException {
        try (Stream<Path> open = Files.list(OPEN)) {
            return open.filter(one -> wanted.test(target(one))).count();
        }
    }

    private static String target(Path open) {
        try {
            return Files.readSymbolicLink(open).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
