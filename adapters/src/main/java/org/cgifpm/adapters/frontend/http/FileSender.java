package org.cgifpm.adapters.frontend.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file, a block at a time: the file is opened, read and closed by the executor, because a disk may
 * block, and written on the loop thread. Only one of the two works at any time, so they share the fields without locks;
 * the executor and {@link org.cgifpm.adapters.os.EventLoop#post} order what each sees.
 */
final class FileSender implements ExchangeListener {
    private static final int BLOCK = 64 * 1024;

    private final ServerContext context;
    private final Exchange exchange;
    private final Path path;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
    private long position;
    private long left;
    private @Nullable FileChannel channel;
    private boolean reading;
    private boolean over;

    /** The head must have gone out, and have promised {@code length} bytes. */
    FileSender(ServerContext context, Exchange exchange, Path path, long position, long length) {
        this.context = context;
        this.exchange = exchange;
        this.path = path;
        this.position = position;
        this.left = length;
    }

    void send() {
        exchange.listener(this);
        writable();
    }

    @Override
    public void writable() {
        if (over || reading) {
            return;
        }
        int room;
        while (block.hasRemaining() && (room = exchange.room()) > 0) {
            int count = Math.min(room, block.remaining());
            exchange.write(block.slice(block.position(), count));
            block.position(block.position() + count);
        }
        if (block.hasRemaining()) {
            return;
        }
        if (left == 0) {
            finish();
            exchange.end(0);
        } else {
            read();
        }
    }

    private void read() {
        reading = true;
        try {
            context.files().execute(() -> {
                boolean good = fillBlock();
                context.loop().post(() -> blockRead(good));
            });
        } catch (RejectedExecutionException stopping) {
            reading = false;
            finish();
            exchange.cut();
        }
    }

    private boolean fillBlock() {
        try {
            if (channel == null) {
                channel = FileChannel.open(path);
            }
            block.clear().limit((int) Math.min(BLOCK, left));
            int count = channel.read(block, position);
            block.flip();
            position += Math.max(0, count);
            left -= Math.max(0, count);
            return count > 0;
        } catch (IOException failed) {
            block.limit(0);
            return false;
        }
    }

    private void blockRead(boolean good) {
        reading = false;
        if (over) {
            closeFile();
        } else if (good) {
            writable();
        } else {
            // It has become shorter, or cannot be read: the client sees fewer bytes than were promised.
            finish();
            exchange.cut();
        }
    }

    private void finish() {
        over = true;
        if (!reading) {
            closeFile();
        }
    }

    private void closeFile() {
        FileChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        Runnable close = () -> {
            try {
                open.close();
            } catch (IOException nothingLost) {
                // It was only read.
            }
        };
        try {
            context.files().execute(close);
        } catch (RejectedExecutionException stopping) {
            close.run();
        }
    }

    @Override
    public void aborted(String why) {
        finish();
    }
}
