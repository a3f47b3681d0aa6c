package org.cgifpm.daemon.log.access;

/** Numbers with three decimals, written without the cost of {@code String.format}: there is a line for each request. */
final class Figures {
    private Figures() {}

    /** {@code thousandths} / 1000, such as {@code 12.034}; not below 0. */
    static String thousandths(long thousandths) {
        long rest = thousandths % 1000;
        return thousandths / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
    }

    /** {@code hundredths} / 100, such as {@code 99.05}; not below 0. */
    static String hundredths(long hundredths) {
        long rest = hundredths % 100;
        return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
    }
}
