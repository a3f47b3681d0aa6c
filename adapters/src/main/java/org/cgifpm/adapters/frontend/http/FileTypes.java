package org.cgifpm.adapters.frontend.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a file's extension says about it: its media type, or that it is a script's source. */
final class FileTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("log", "text/plain; charset=utf-8"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("xml", "application/xml"),
            Map.entry("xhtml", "application/xhtml+xml"),
            Map.entry("atom", "application/atom+xml"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"),
            Map.entry("gz", "application/gzip"),
            Map.entry("tgz", "application/gzip"),
            Map.entry("tar", "application/x-tar"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("avif", "image/avif"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("otf", "font/otf"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"));

    private static final Set<String> SCRIPTS = Set.of(
            "awk", "bash", "cgi", "fcgi", "fpl", "ksh", "lua", "php", "pl", "pm", "py", "pyc", "pyw", "r", "rb", "sh",
            "tcl", "wsgi", "zsh");

    private FileTypes() {}

    /** The media type to serve it as; bytes without meaning when it is not known. */
    static String of(String name) {
        return TYPES.getOrDefault(extension(name), UNKNOWN);
    }

    static boolean isKnown(String name) {
        return TYPES.containsKey(extension(name));
    }

    /** Whether a file of that name is program text, which is run or refused but never shown. */
    static boolean isScript(String name) {
        String bare = name;
        while (bare.endsWith("~")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        for (String copy : new String[] {".bak", ".old", ".orig", ".save"}) {
            bare = bare.endsWith(copy) ? bare.substring(0, bare.length() - copy.length()) : bare;
        }
        return SCRIPTS.contains(extension(bare));
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
