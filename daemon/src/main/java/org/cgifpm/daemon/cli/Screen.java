package org.cgifpm.daemon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lines in the same place of a terminal again and again, on a page of their own (ECMA-48 control sequences). Between
 * {@link #begin} and {@link #end}, which gives the terminal back as it was.
 */
final class Screen {
    private static final String ESCAPE = "\u001b[";
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;

    private final PrintWriter out;

    Screen(PrintWriter out) {
        this.out = out;
    }

    /** Another page, and no cursor. */
    void begin() {
        out.print(ESCAPE + "?1049h" + ESCAPE + "?25l" + ESCAPE + "2J");
        out.flush();
    }

    void end() {
        out.print(ESCAPE + "?25h" + ESCAPE + "?1049l");
        out.flush();
    }

    /** Writes over what was there, without clearing it first, which would flicker; cut where the terminal ends. */
    void show(List<String> lines) {
        int[] size = size();
        out.print(frame(lines, size[0], size[1]));
        out.flush();
    }

    static String frame(List<String> lines, int rows, int columns) {
        StringBuilder frame = new StringBuilder(ESCAPE + "H");
        int shown = Math.min(lines.size(), rows);
        for (int i = 0; i < shown; i++) {
            String line = lines.get(i);
            frame.append(line.length() > columns ? line.substring(0, columns) : line)
                    .append(ESCAPE)
                    .append('K')
                    .append(i < rows - 1 ? "\r\n" : "");
        }
        return frame.append(shown < rows ? ESCAPE + "J" : "").toString();
    }

    /** Rows and columns, asked each time, because people pull at windows. */
    private static int[] size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream said = stty.getInputStream()) {
                String[] numbers = new String(said.readNBytes(64), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ", -1);
                if (stty.waitFor(1, TimeUnit.SECONDS) && numbers.length == 2) {
                    int rows = Integer.parseInt(numbers[0]);
                    int columns = Integer.parseInt(numbers[1]);
                    if (rows > 0 && columns > 0) {
                        return new int[] {rows, columns};
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            return new int[] {ROWS, COLUMNS}; // no stty, or no terminal behind standard input
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new int[] {ROWS, COLUMNS};
    }
}
