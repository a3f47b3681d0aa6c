/**
 * The configuration: TOML files become checked records, or a list of everything that is wrong with them.
 *
 * <p>{@link org.cgifpm.daemon.config.ConfigReader} is the way in. Nothing else in the project knows TOML.
 */
@NullMarked
package org.cgifpm.daemon.config;

import org.jspecify.annotations.NullMarked;
