package org.cgifpm.adapters.backend.warm;

import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.Sockets;
import org.jspecify.annotations.Nullable;

/**
 * What all keepers of a pool share.
 *
 * @param leaves where a request that runs long gets a control group from, or null where there are none
 * @param strays what requests have left behind in the control groups of keepers
 * @param stderrRate how much of their standard error goes into the log
 */
record WarmSurroundings(
        ProcessSurroundings machine,
        Launch launch,
        @Nullable LeafSource leaves,
        Sockets sockets,
        DescriptorSender sender,
        StderrRate stderrRate,
        WarmSettings settings,
        Strays strays,
        KeptEvents events) {}
