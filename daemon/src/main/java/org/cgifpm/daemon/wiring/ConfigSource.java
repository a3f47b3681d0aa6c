package org.cgifpm.daemon.wiring;

import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.ConfigException;

/** Where a running daemon reads its configuration again. May block; never called on the loop thread. */
@FunctionalInterface
public interface ConfigSource {
    Config read() throws ConfigException;
}
