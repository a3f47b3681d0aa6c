package org.cgifpm.adapters.backend.cgi;

import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.jspecify.annotations.Nullable;

/**
 * What all requests of a pool start from.
 *
 * @param relay where those go that are for a persistent application
 * @param forker what forks Python scripts, or null where every script is started by itself
 */
record CgiGround(
        ProcessSurroundings around,
        CgiSettings settings,
        Launch launch,
        StderrRate stderrRate,
        FirstLook firstLook,
        CgiBackend.Relay relay,
        @Nullable Forker forker) {}
