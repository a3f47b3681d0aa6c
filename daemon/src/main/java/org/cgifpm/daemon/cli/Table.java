package org.cgifpm.daemon.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as they have to be; the last column of texts runs to the end of its line. */
final class Table {
    private final List<String> headings;
    private final int texts;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param texts so many of the first columns are texts, flush left; numbers are flush right, but for the last column
     *     of {@code headings} where it ends with a space
     */
    Table(int texts, String... headings) {
        this.texts = texts;
        this.headings = List.of(headings);
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The headings, then the rows. */
    List<String> lines() {
        int[] widths = new int[headings.size()];
        List<List<String>> all =
                new ArrayList<>(List.of(headings.stream().map(String::strip).toList()));
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            String room = " ".repeat(widths[i] - cell.length());
            boolean left = i < texts || headings.get(i).endsWith(" ");
            line.append(i == 0 ? "" : " ").append(left ? cell + room : room + cell);
        }
        return line.toString().stripTrailing();
    }
}
