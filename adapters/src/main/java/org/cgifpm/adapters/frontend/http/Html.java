package org.cgifpm.adapters.frontend.http;

import java.nio.charset.StandardCharsets;

/**
 * An HTML document in the making: markup goes in by {@link #raw}, everything else by {@link #text}, which escapes.
 *
 * <p>The frame is the same for all pages of the development server: one file, no script, nothing loaded from
 * elsewhere, light or dark as the reader's system is.
 */
final class Html {
    private static final String STYLE = """
            :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5d6b7e;--line:#e3e7ed;\
            --accent:#0b6bcb;--go:#0f7b4f;--gobg:#e2f5ec;--no:#a1470b;--nobg:#fdeede;--bad:#b3261e;--pre:#f0f2f5}
            @media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#97a3b4;\
            --line:#2a323e;--accent:#6bb3ff;--go:#5fd3a0;--gobg:#143326;--no:#f2a45f;--nobg:#3a2614;--bad:#ff8a80;--pre:#0e1217}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",\
            Roboto,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
            main{max-width:52rem;margin:0 auto;padding:2rem 1rem 3rem}
            a{color:var(--accent);text-decoration:none}a:hover,a:focus{text-decoration:underline}
            h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
            h2{font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:2rem 0 .5rem;font-weight:600}
            p{margin:.25rem 0 0}.soft{color:var(--soft)}
            code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
            code{background:var(--pre);border-radius:.3em;padding:.1em .35em}
            pre{background:var(--pre);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:.5rem 0 0;\
            overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}pre code{background:none;padding:0}
            ul{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.8rem;overflow:hidden}
            li{display:flex;gap:.25rem 1rem;align-items:baseline;flex-wrap:wrap;padding:.7rem 1rem;border-top:1px solid var(--line)}
            li:first-child{border-top:0}li>.what{flex:1 1 14rem;min-width:0;overflow-wrap:anywhere}
            li>.what>a,li>.what>b{font-weight:600}li p{font-size:.9rem;color:var(--soft)}
            li>.facts{color:var(--soft);font-size:.85rem;white-space:nowrap}
            .tag{display:inline-block;font-size:.75rem;font-weight:600;border-radius:1em;padding:.05em .7em;margin-left:.4rem;white-space:nowrap}
            .go{color:var(--go);background:var(--gobg)}.no{color:var(--no);background:var(--nobg)}li p.why{color:var(--no)}
            .card{background:var(--card);border:1px solid var(--line);border-radius:.8rem;padding:1.25rem;margin-top:1.25rem}
            .status{color:var(--bad);font-weight:600}.crumbs{margin-bottom:1.25rem;font-size:.9rem;overflow-wrap:anywhere}
            footer{margin-top:2.5rem;color:var(--soft);font-size:.85rem}
            """;

    private final StringBuilder page = new StringBuilder(8192);

    /** Begins a document with that title (unescaped). */
    Html(String title) {
        raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        raw("<link rel=\"icon\" href=\"data:,\">\n<title>").text(title).raw("</title>\n<style>\n");
        raw(STYLE).raw("</style>\n</head>\n<body>\n<main>\n");
    }

    /** Markup that this program wrote itself. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** Anything else; safe between tags and inside quoted attributes. */
    Html text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> page.append("&amp;");
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                case '\n', '\t' -> page.append(c);
                // Control characters have no place in HTML, and bidirectional ones can make a name lie.
                default -> page.append(isPrintable(c) ? c : '\ufffd');
            }
        }
        return this;
    }

    private static boolean isPrintable(char c) {
        boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        boolean turnsText = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        return !control && !turnsText;
    }

    /** The finished document, UTF-8. */
    byte[] end() {
        raw("</main>\n</body>\n</html>\n");
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }
}
