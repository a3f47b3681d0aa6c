package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One {@code [pool.NAME]} of a configuration under test, and the address it is reached at. */
public final class Pool {
    private final String name;
    private final SocketAddress address;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final StringBuilder tables = new StringBuilder();

    private Pool(String name, SocketAddress address, String listen) {
        this.name = name;
        this.address = address;
        set("listen", listen);
        set("mode", "exec");
        if (asRoot()) {
            set("user", "root");
        }
    }

    /**
     * Listens on {@code NAME.sock} in {@code folder}. Apache's workers are www-data; a daemon that can become other
     * users wants to be told so, anyone else cannot keep them apart.
     */
    public static Pool unix(String name, Path folder, Path root) {
        Path socket = folder.resolve(name + ".sock");
        Pool pool = new Pool(name, UnixDomainSocketAddress.of(socket), socket.toString())
                .set("listen_mode", "0666")
                .set("root", root.toString());
        return asRoot() ? pool.list("allowed_users", "root", "www-data") : pool;
    }

    private static boolean asRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Listens on a free port of 127.0.0.1. */
    public static Pool tcp(String name, Path root) {
        int port = freePort();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new Pool(name, address, "127.0.0.1:" + port)
                .list("allowed_clients", "127.0.0.1")
                .set("root", root.toString());
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    public Pool set(String key, String value) {
        keys.put(key, quoted(value));
        return this;
    }

    /** A key that shall not stand in the file. */
    public Pool unset(String key) {
        keys.remove(key);
        return this;
    }

    public Pool set(String key, long value) {
        keys.put(key, Long.toString(value));
        return this;
    }

    public Pool set(String key, boolean value) {
        keys.put(key, Boolean.toString(value));
        return this;
    }

    /** A key whose value is an array of strings. */
    public Pool list(String key, String... values) {
        keys.put(key, Stream.of(values).map(Pool::quoted).collect(Collectors.joining(", ", "[", "]")));
        return this;
    }

    public Pool environment(String variable, String value) {
        environment.put(variable, quoted(value));
        return this;
    }

    /** A table {@code [pool.NAME.TABLE]}; each line as it stands in the file. */
    public Pool table(String table, String... lines) {
        tables.append("\n[pool." + name + "." + table + "]\n" + String.join("\n", lines) + "\n");
        return this;
    }

    public String name() {
        return name;
    }

    public SocketAddress address() {
        return address;
    }

    /** The port of a TCP pool. */
    public int port() {
        return ((InetSocketAddress) address).getPort();
    }

    /** The socket file of a Unix pool. */
    public Path socket() {
        return ((UnixDomainSocketAddress) address).getPath();
    }

    public boolean isUnix() {
        return address instanceof UnixDomainSocketAddress;
    }

    String toml() {
        StringBuilder toml = new StringBuilder("\n[pool." + name + "]\n");
        keys.forEach((key, value) -> toml.append(key + " = " + value + "\n"));
        toml.append("\n[pool." + name + ".env]\n");
        environment.forEach((key, value) -> toml.append(key + " = " + value + "\n"));
        return toml.append(tables).toString();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
