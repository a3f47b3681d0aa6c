package org.cgifpm.protocol.cgi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The params of one request, in the order they came, duplicates kept.
 *
 * <p>Names and values are bytes. They are held as ISO-8859-1 strings, one char for one byte, so that nothing is lost
 * and nothing is interpreted: encode them as ISO-8859-1 again before they go to the kernel.
 */
public final class Params {
    /** One name with its value, both ISO-8859-1. */
    public record Param(String name, String value) {}

    private final List<Param> list = new ArrayList<>(32);

    public void add(String name, String value) {
        list.add(new Param(name, value));
    }

    void add(Param param) {
        list.add(param);
    }

    /** The value of the last param of that name: front ends that set a name twice mean the second. */
    public @Nullable String get(String name) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).name().equals(name)) {
                return list.get(i).value();
            }
        }
        return null;
    }

    /** As {@link #get}, but a missing name is an empty value. */
    public String getOrEmpty(String name) {
        String value = get(name);
        return value == null ? "" : value;
    }

    public List<Param> all() {
        return Collections.unmodifiableList(list);
    }
}
