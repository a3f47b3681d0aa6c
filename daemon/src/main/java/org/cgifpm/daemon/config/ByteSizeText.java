package org.cgifpm.daemon.config;

/** Reads and writes sizes: a whole number of bytes, or of 1024's powers {@code "64k" "512M" "2G"}. */
final class ByteSizeText {
    private ByteSizeText() {}

    static long parse(String text) throws BadValueException {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        String unit = text.substring(digits);
        int shift = switch (unit) {
            case "" -> 0;
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            default -> -1;
        };
        if (digits == 0 || digits > 18 || shift < 0) {
            String why = text.startsWith("-") ? " is negative" : " is not a size";
            throw new BadValueException(
                    Wording.quote(text) + why + "; write a whole number and k, M or G, such as \"64k\" or \"512M\"");
        }
        long number = Long.parseLong(text.substring(0, digits));
        if (number > Long.MAX_VALUE >> shift) {
            throw new BadValueException(Wording.quote(text) + " is too large");
        }
        return number << shift;
    }

    /** With the largest unit that leaves no rest. */
    static String format(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "G";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "M";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
    }
}
