package org.cgifpm.adapters.frontend.http;

import java.util.Locale;

/** Turns the usual failures of a script into one sentence on what to do. */
final class Advice {
    private Advice() {}

    /**
     * @param reason what the log says
     * @param stderr the end of what the script wrote there
     * @return empty when nothing usual is seen
     */
    static String on(String reason, String stderr) {
        String why = reason.toLowerCase(Locale.ROOT);
        if (stderr.contains("No module named 'cgi'") || stderr.contains("No module named 'cgitb'")) {
            return "Python 3.13 removed the cgi and cgitb modules. Install the package legacy-cgi, or read the form"
                    + " with urllib.parse and email.";
        }
        if (stderr.contains("ModuleNotFoundError") || stderr.contains("ImportError")) {
            return "A module is missing for the interpreter that the #! line names. A virtual environment counts only"
                    + " if the #! line points into it.";
        }
        if (stderr.contains("\r: No such file") || stderr.contains("\\r: No such file")) {
            return "The file has Windows line ends. Convert it with dos2unix.";
        }
        if (stderr.contains("env: ") && stderr.contains("No such file")) {
            return "The #! line asks env for a program that is not in the PATH of scripts. Install it, or name one that"
                    + " is there, for example python3.";
        }
        if (stderr.contains("SyntaxError")) {
            return "The interpreter does not understand the script. The lines below say where.";
        }
        if (why.contains("interpreter")) {
            return "The #! line names a program that is not there. #!/usr/bin/env python3 finds Python in the PATH.";
        }
        if (why.contains("#!") || why.contains("shebang") || why.contains("exec format")) {
            return "The first line must name the interpreter, for example #!/usr/bin/env python3.";
        }
        if (why.contains("executable")) {
            return "Make the file executable with chmod +x.";
        }
        if (why.contains("header") || why.contains("colon") || why.contains("head ")) {
            return "A script prints a header, an empty line, then the page:"
                    + " print(\"Content-Type: text/html\"), then print(), then the rest.";
        }
        if (why.contains("nothing") || why.contains("no answer") || why.contains("empty")) {
            return "The script ended before it printed anything. Begin with print(\"Content-Type: text/html\") and"
                    + " print().";
        }
        if (why.contains("time")) {
            return "The script took too long and was stopped.";
        }
        return "";
    }
}
