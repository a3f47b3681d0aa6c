package org.cgifpm.protocol.cgi;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names that no request may put into a script's environment, because a loader, the C library, a shell, an interpreter
 * or a tool that scripts commonly start obeys them.
 *
 * <p>Over HTTP only names that begin with HTTP_ can be chosen, and there it is HTTP_PROXY ("httpoxy", CVE-2016-5385 and
 * others). The rest is for whoever reaches the socket: to name a script under the root is what the socket is for, to
 * have other code run in that script is not. The list cannot be complete; {@code pass_params} turns it into a list of
 * what may pass. An administrator who wants one of these sets it in the pool's {@code env}, where nothing is refused.
 */
final class NeverPassed {
    private static final Set<String> NAMES = Set.of(
            // search paths and folders that programs trust: code is read from beneath them
            "PATH",
            "HOME",
            "SHELL",
            "CDPATH",
            "TMPDIR",
            "CLASSPATH",
            "MANPATH",
            "TERMCAP",
            // the C library (most of these are what glibc itself refuses in setuid programs)
            "GLIBC_TUNABLES",
            "GCONV_PATH",
            "GETCONF_DIR",
            "HOSTALIASES",
            "LOCALDOMAIN",
            "LOCPATH",
            "MUSL_LOCPATH",
            "NIS_PATH",
            "NLSPATH",
            "RES_OPTIONS",
            "TZDIR",
            // shells
            "BASH_ENV",
            "BASHOPTS",
            "ENV",
            "FPATH",
            "GLOBIGNORE",
            "IFS",
            "INPUTRC",
            "KSH_ENV",
            "POSIXLY_CORRECT",
            "PROMPT_COMMAND",
            "PS4",
            "SHELLOPTS",
            "ZDOTDIR",
            // interpreters and run-times that have no prefix of their own
            "AWKPATH",
            "AWKLIBPATH",
            "CAML_LD_LIBRARY_PATH",
            "GHCRTS",
            "GODEBUG",
            "JRE_HOME",
            "OCAMLRUNPARAM",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
            "PHP_VALUE",
            "PHP_ADMIN_VALUE",
            "R_HOME",
            // programs that tools start for a job, and files that tell them which
            "BROWSER",
            "EDITOR",
            "GNUPGHOME",
            "HGRCPATH",
            "LESSOPEN",
            "LESSCLOSE",
            "MAILRC",
            "PAGER",
            "RSYNC_RSH",
            "SSH_ASKPASS",
            "SSH_AUTH_SOCK",
            "VISUAL",
            // modules, keys and trust of libraries
            "CURL_CA_BUNDLE",
            "CURL_HOME",
            "GS_LIB",
            "GS_OPTIONS",
            "GTK_MODULES",
            "KRB5_CONFIG",
            "LIBMYSQL_PLUGINS",
            "LIBMYSQL_PLUGIN_DIR",
            "ODBCINI",
            "ODBCSYSINI",
            "QT_PLUGIN_PATH",
            "REQUESTS_CA_BUNDLE",
            "SASL_PATH",
            "SSLKEYLOGFILE",
            "SSL_CERT_DIR",
            "SSL_CERT_FILE",
            // between a service manager and the daemon
            "NOTIFY_SOCKET");

    private static final Map<Character, List<String>> PREFIXES = byFirstChar(
            "LD_",
            "MALLOC_",
            "RESOLV_",
            "BASH_FUNC",
            "BASH_LOADABLES_PATH",
            "BASH_XTRACEFD",
            "PYTHON",
            "_PYTHON",
            "PERL",
            "RUBY",
            "GEM_",
            "BUNDLE_",
            "BUNDLER_",
            "NODE_",
            "DENO_",
            "BUN_",
            "JAVA_",
            "_JAVA_",
            "JDK_",
            "LUA_",
            "TCL",
            "GUILE_",
            "ERL_",
            "JULIA_",
            "R_PROFILE",
            "R_ENVIRON",
            "R_LIBS",
            "DOTNET_",
            "CORECLR_",
            "COMPlus_",
            "MONO_",
            "PHP_FCGI_",
            "FCGI_", // spoken to the process manager, and a lie to a script that is run as CGI
            "OPENSSL_",
            "MAGICK_",
            "GIO_",
            "GST_",
            "DBUS_",
            "XDG_",
            "LISTEN_",
            "WATCHDOG_");

    /** Libraries look for these in either case; a header "Proxy" comes as HTTP_PROXY. */
    private static final Set<String> PROXIES =
            Set.of("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "rsync_proxy", "cgi_http_proxy");

    private static final String GIT = "GIT_";

    /**
     * What git-http-backend(1) and its pages on web servers set. All other GIT_ names are refused: GIT_SSH_COMMAND,
     * GIT_CONFIG_COUNT, GIT_EXTERNAL_DIFF and a dozen others name programs, GIT_TRACE names a file to write.
     */
    private static final Set<String> GIT_PASSED = Set.of(
            "GIT_PROJECT_ROOT",
            "GIT_HTTP_EXPORT_ALL",
            "GIT_HTTP_MAX_REQUEST_BUFFER",
            "GIT_PROTOCOL",
            "GIT_NAMESPACE",
            "GIT_COMMITTER_NAME",
            "GIT_COMMITTER_EMAIL");

    private NeverPassed() {}

    /** Whether {@code name}, which is not empty, is one of them. */
    static boolean contains(String name) {
        if (isProxy(name)) {
            return true;
        }
        if (name.startsWith(CgiNames.HTTP)) {
            return false; // half of all names, and nothing below begins so
        }
        if (NAMES.contains(name)) {
            return true;
        }
        if (name.startsWith(GIT)) {
            return !GIT_PASSED.contains(name);
        }
        for (String prefix : PREFIXES.getOrDefault(name.charAt(0), List.of())) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isProxy(String name) {
        char last = name.charAt(name.length() - 1);
        return (last == 'Y' || last == 'y') && PROXIES.contains(Ascii.lower(name));
    }

    private static Map<Character, List<String>> byFirstChar(String... prefixes) {
        return Stream.of(prefixes).collect(Collectors.groupingBy(prefix -> prefix.charAt(0)));
    }
}
