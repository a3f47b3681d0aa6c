package org.cgifpm.packaging;

import java.util.Comparator;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands of a program as man(7) wants them, a section for each. */
final class CommandSections {
    private final StringBuilder page = new StringBuilder();

    private CommandSections() {}

    static String of(CommandLine program) {
        CommandSections sections = new CommandSections();
        program.getSubcommands().forEach((name, command) -> sections.command(name, command.getCommandSpec()));
        return sections.page.toString();
    }

    private void command(String name, CommandSpec spec) {
        line(".SS " + text(name));
        lines(spec.usageMessage().description());
        for (PositionalParamSpec param : spec.positionalParameters()) {
            argument(".I " + text(param.paramLabel()), param);
        }
        // A class tells its fields in no order that is promised.
        spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .forEach(option -> argument(head(option), option));
        Map<String, String> codes = spec.usageMessage().exitCodeList();
        if (!codes.isEmpty()) {
            line(".P");
            StringBuilder sentence = new StringBuilder("Exit status: ");
            codes.forEach((code, meaning) -> sentence.append(sentence.charAt(sentence.length() - 1) == ' ' ? "" : "; ")
                    .append(code.strip())
                    .append(" \u2013 ")
                    .append(meaning));
            line(text(sentence + "."));
        }
    }

    private static String head(OptionSpec option) {
        String names = text(String.join(", ", option.names()));
        boolean flag = option.arity().max() == 0;
        return flag ? ".B \"" + names + "\"" : ".BI \"" + names + "\" \" " + text(option.paramLabel()) + "\"";
    }

    private void argument(String head, ArgSpec argument) {
        line(".TP");
        line(head);
        lines(argument.description());
    }

    private void lines(String... texts) {
        for (String each : texts) {
            line(text(each));
        }
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** As text of roff: a backslash and a leading dot or quote would be orders, a minus a hyphen. */
    static String text(String plain) {
        String escaped = plain.replace("%n", " ")
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("\"", "\\(dq")
                .replace("\u2013", "\\(en")
                .strip();
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
