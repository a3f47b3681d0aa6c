package org.cgifpm.daemon.status.page;

import java.util.List;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.page.StatusFields.Field;
import org.cgifpm.daemon.status.page.StatusFields.Moment;

/** The page as XML: names with hyphens, times in seconds since 1970, an element {@code processes} where it is full. */
final class XmlPage {
    private XmlPage() {}

    static String render(Snapshot snapshot, boolean full) {
        StringBuilder out = new StringBuilder("<?xml version=\"1.0\" ?>\n<status>\n");
        fields(StatusFields.of(snapshot), out);
        if (full) {
            out.append("<processes>\n");
            for (RunningReport running : snapshot.running()) {
                out.append("<process>\n");
                fields(StatusFields.of(running, snapshot.nowMillis()), out);
                out.append("</process>\n");
            }
            out.append("</processes>\n");
        }
        return out.append("</status>\n").toString();
    }

    private static void fields(List<Field> fields, StringBuilder out) {
        for (Field field : fields) {
            String name = field.name().replace(' ', '-');
            out.append('<').append(name).append('>');
            out.append(Markup.escaped(value(field.value())));
            out.append("</").append(name).append(">\n");
        }
    }

    private static String value(Object value) {
        if (value instanceof Moment moment) {
            return Long.toString(moment.seconds());
        }
        return value instanceof Double number ? PlainPage.number(number) : value.toString();
    }
}
