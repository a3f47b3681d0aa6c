package org.cgifpm.daemon.status.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics are served.
 *
 * @param file the socket file that was made, null for TCP
 */
record MetricsSocket(ServerSocketChannel channel, @Nullable Path file) {
    /** Whoever may enter the folder may read metrics, as every user of the machine may over a loopback address. */
    private static final String MODE = "rw-rw-rw-";

    private static final int BACKLOG = 64;

    /** A dead socket's file is replaced, whatever else lies there is somebody's. */
    static MetricsSocket open(ListenAddress address, Sockets sockets) throws IOException {
        try {
            if (address instanceof ListenAddress.Tcp tcp) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                return bound(channel, new InetSocketAddress(InetAddress.getByName(tcp.host()), tcp.port()), null);
            }
            Path file = Path.of(address.toString());
            sockets.removeStale(ByteText.fromText(address.toString()));
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            return bound(channel, UnixDomainSocketAddress.of(file), file);
        } catch (SyscallException e) {
            throw new IOException("metrics_listen: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("metrics_listen: " + address + ": " + e.getMessage(), e);
        }
    }

    private static MetricsSocket bound(ServerSocketChannel channel, SocketAddress address, @Nullable Path file)
            throws IOException {
        try {
            channel.bind(address, BACKLOG);
            if (file != null) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(MODE));
            }
            return new MetricsSocket(channel, file);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void close() {
        try {
            channel.close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The process ends, and the next one takes a dead file away.
            return;
        }
    }
}
