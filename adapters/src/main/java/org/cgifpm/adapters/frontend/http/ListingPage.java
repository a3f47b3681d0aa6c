package org.cgifpm.adapters.frontend.http;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.cgifpm.adapters.frontend.http.Listing.Entry;
import org.cgifpm.adapters.frontend.http.Listing.Kind;

/** The page that shows a folder: what runs, what would run if something were put right, and the rest. */
final class ListingPage {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final String FIRST_SCRIPT = """
            #!/usr/bin/env python3
            print("Content-Type: text/plain")
            print()
            print("Hello")
            """;

    private final String rootName;

    /** @param rootName the served folder, as the page calls it */
    ListingPage(String rootName) {
        this.rootName = rootName;
    }

    byte[] render(Listing listing) {
        boolean top = listing.urlPath().equals("/");
        String here = top ? rootName : Listing.decoded(lastName(listing.urlPath()));
        Html html = new Html(here);
        if (!top) {
            crumbs(html, listing.urlPath());
        }
        html.raw("<h1>")
                .text(here)
                .raw("</h1>\n<p class=\"soft\">")
                .text(counts(listing))
                .raw("</p>\n");
        section(html, listing, Kind.SCRIPT, "Scripts");
        section(html, listing, Kind.CANNOT_RUN, "Cannot run");
        section(html, listing, Kind.FOLDER, "Folders");
        section(html, listing, Kind.FILE, "Files");
        if (listing.more() > 0) {
            html.raw("<p class=\"soft\">and ")
                    .text(listing.more() + " more entries")
                    .raw("</p>\n");
        }
        if (listing.entries().isEmpty()) {
            html.raw("<div class=\"card\"><p>Save this as <code>hello.py</code>, make it executable with ");
            html.raw("<code>chmod +x hello.py</code>, and load this page again.</p>\n<pre>");
            html.text(FIRST_SCRIPT).raw("</pre></div>\n");
        }
        return html.raw("<footer>cgi-fpm serve, for development only</footer>\n")
                .end();
    }

    private void crumbs(Html html, String urlPath) {
        html.raw("<nav class=\"crumbs\"><a href=\"/\">").text(rootName).raw("</a>");
        String[] names = urlPath.split("/", -1);
        StringBuilder url = new StringBuilder("/");
        for (int i = 1; i < names.length - 2; i++) {
            url.append(names[i]).append('/');
            html.raw(" / <a href=\"").text(url.toString()).raw("\">");
            html.text(Listing.decoded(plain(names[i]))).raw("</a>");
        }
        html.raw(" /</nav>\n");
    }

    private static void section(Html html, Listing listing, Kind kind, String title) {
        List<Entry> entries =
                listing.entries().stream().filter(entry -> entry.kind() == kind).toList();
        if (entries.isEmpty()) {
            return;
        }
        html.raw("<h2>").text(title).raw("</h2>\n<ul>\n");
        for (Entry entry : entries) {
            entry(html, entry);
        }
        html.raw("</ul>\n");
    }

    private static void entry(Html html, Entry entry) {
        String slash = entry.kind() == Kind.FOLDER ? "/" : "";
        String shown = Listing.decoded(entry.name()) + slash;
        html.raw("<li><div class=\"what\">");
        if (entry.kind() == Kind.CANNOT_RUN) {
            html.raw("<b>").text(shown).raw("</b>");
        } else {
            // "./" keeps a name with a colon from being read as a scheme.
            html.raw("<a href=\"./")
                    .text(PercentCoding.encode(entry.name()) + slash)
                    .raw("\">");
            html.text(shown).raw("</a>");
        }
        if (!entry.detail().isEmpty()) {
            html.raw("<span class=\"tag ")
                    .raw(entry.kind() == Kind.SCRIPT ? "go" : "no")
                    .raw("\">");
            html.text(entry.detail()).raw("</span>");
        }
        if (!entry.about().isEmpty()) {
            html.raw(entry.kind() == Kind.CANNOT_RUN ? "<p class=\"why\">" : "<p>");
            html.text(entry.about()).raw("</p>");
        }
        html.raw("</div><div class=\"facts\">");
        if (entry.kind() != Kind.FOLDER) {
            html.text(ByteCount.format(entry.size()) + " · ");
        }
        html.text(DAY.format(entry.modified())).raw("</div></li>\n");
    }

    private static String counts(Listing listing) {
        StringBuilder text = new StringBuilder();
        count(text, listing, Kind.SCRIPT, "script", "scripts");
        count(text, listing, Kind.CANNOT_RUN, "that cannot run", "that cannot run");
        count(text, listing, Kind.FOLDER, "folder", "folders");
        count(text, listing, Kind.FILE, "file", "files");
        return text.length() == 0 ? "Nothing here yet" : text.toString();
    }

    private static void count(StringBuilder text, Listing listing, Kind kind, String one, String many) {
        long number =
                listing.entries().stream().filter(entry -> entry.kind() == kind).count();
        if (number > 0) {
            text.append(text.length() == 0 ? "" : ", ").append(number).append(' ');
            text.append(number == 1 ? one : many);
        }
    }

    private static String lastName(String urlPath) {
        int end = urlPath.length() - 1;
        return plain(urlPath.substring(urlPath.lastIndexOf('/', end - 1) + 1, end));
    }

    private static String plain(String encoded) {
        try {
            return PercentCoding.decode(encoded);
        } catch (BadRequestException notEncoded) {
            return encoded;
        }
    }
}
