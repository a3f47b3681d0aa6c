package org.cgifpm.daemon.config;

/**
 * Addresses that may connect: one, or a network in CIDR form (RFC 4632, 3.1).
 *
 * @param bits how many leading bits of the 128 count; an IPv4 prefix is longer here by 96
 */
public record ClientNetwork(IpAddress address, int bits) {
    static ClientNetwork host(IpAddress address) {
        return new ClientNetwork(address, 128);
    }

    /** Whether that client belongs to the network. */
    public boolean contains(IpAddress client) {
        return masked(client, bits).equals(address);
    }

    static ClientNetwork parse(String text) throws BadValueException {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new BadValueException(
                    Wording.quote(text)
                            + " is neither an address nor a network; write such as \"10.1.2.3\", \"10.0.0.0/8\" or \"2001:db8::/32\"");
        }
        if (slash < 0) {
            return host(address);
        }
        int longest = address.isV4() ? 32 : 128;
        int prefix = prefix(text.substring(slash + 1));
        if (prefix < 0 || prefix > longest) {
            throw new BadValueException(
                    Wording.quote(text) + " has no number from 0 to " + longest + " behind its slash");
        }
        int bits = prefix + 128 - longest;
        IpAddress network = masked(address, bits);
        if (!network.equals(address)) {
            throw new BadValueException(Wording.quote(text) + " names a single address and a network; write \""
                    + network + "/" + prefix + "\" or \"" + address + "\"");
        }
        return new ClientNetwork(network, bits);
    }

    private static int prefix(String digits) {
        if (digits.isEmpty() || digits.length() > 3) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static IpAddress masked(IpAddress address, int bits) {
        long high = bits >= 64 ? address.high() : address.high() & mask(bits);
        long low = bits <= 64 ? 0 : address.low() & mask(bits - 64);
        return new IpAddress(high, low);
    }

    /** The upmost {@code bits} of 64, which Java's shift cannot say for 0. */
    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }

    /** As a file would say it. */
    @Override
    public String toString() {
        return bits == 128 ? address.toString() : address + "/" + (address.isV4() ? bits - 96 : bits);
    }
}
