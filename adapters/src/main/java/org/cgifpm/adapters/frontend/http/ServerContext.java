package org.cgifpm.adapters.frontend.http;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;

/** What all connections of one front end share. Loop thread, but for {@code site} and {@code files}. */
record ServerContext(
        EventLoop loop,
        Syscalls syscalls,
        HttpListenerSettings settings,
        RequestHandler handler,
        Executor files,
        Consumer<ServedRequest> log,
        LongSupplier ids,
        InstantSource clock,
        Buffers buffers,
        SiteMap site,
        CgiParams params,
        ListingPage listingPage) {}
