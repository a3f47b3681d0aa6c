package org.cgifpm.daemon.config;

/** Where a pool listens. {@code toString} gives back what a file would say. */
public sealed interface ListenAddress {
    /** A socket file; an absolute path of at most 107 bytes, bytes as ISO-8859-1 (see {@link ByteText}). */
    record UnixPath(String path) implements ListenAddress {
        @Override
        public String toString() {
            return ByteText.toText(path);
        }
    }

    /**
     * A TCP port.
     *
     * @param host an address in numbers, IPv6 without brackets; {@code localhost} has become {@code 127.0.0.1}
     * @param port 1 to 65535
     */
    record Tcp(String host, int port) implements ListenAddress {
        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** A socket that is open already and was handed over by that name. */
    record Inherited(String name) implements ListenAddress {
        @Override
        public String toString() {
            return "fd:" + name;
        }
    }
}
