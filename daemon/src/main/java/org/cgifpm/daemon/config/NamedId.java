package org.cgifpm.daemon.config;

/**
 * A user or a group: as the file names it, and its number when the file was read.
 *
 * @param id as the kernel has it; above 2<sup>31</sup> - 1 it looks negative here
 */
public record NamedId(String name, int id) {}
