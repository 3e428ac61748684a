package io.ballast.testbed.docs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A commented example of a configuration, line by line. A line that begins with {@code #} and one blank is a sentence
 * about the key below; {@code #} with none or several is a key that is left out.
 */
final class ExampleFile {
    private static final Pattern SENTENCE = Pattern.compile("\\s*# (\\S.*)");
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9-]+):(?: +([^#]*?))?(?: +# (.*))?");

    /**
     * One key.
     *
     * @param path names from the root, joined by dots
     * @param value as it stands there; empty for a section
     * @param isLeftOut whether the example leaves it out
     * @param sentences what is said about it, in order
     */
    record Row(String path, String value, boolean isLeftOut, List<String> sentences) {
        Row {
            sentences = List.copyOf(sentences);
        }
    }

    private ExampleFile() {}

    /** The text with every key in force that it leaves out. */
    static String inFull(String yaml) {
        return yaml.lines()
                .map(line -> SENTENCE.matcher(line).matches() ? "" : line.replaceFirst("^( *)#", "$1"))
                .reduce("", (text, line) -> text + line + "\n");
    }

    /** Every key in order; what stands above the first empty line after the opening comment is about the file. */
    static List<Row> rows(String yaml) {
        var rows = new ArrayList<Row>();
        var sentences = new ArrayList<String>();
        var open = new ArrayDeque<String>();
        var indents = new ArrayDeque<Integer>();
        for (var line : yaml.lines().skip(opening(yaml)).toList()) {
            var sentence = SENTENCE.matcher(line);
            if (sentence.matches()) {
                sentences.add(sentence.group(1));
                continue;
            }
            var isLeftOut = line.strip().startsWith("#");
            var key = KEY.matcher(line.replaceFirst("^( *)#", "$1"));
            if (!key.matches()) {
                if (!line.isBlank()) {
                    throw new IllegalArgumentException("neither a sentence nor a key: " + line);
                }
                continue;
            }
            while (!indents.isEmpty() && indents.getLast() >= key.group(1).length()) {
                indents.removeLast();
                open.removeLast();
            }
            indents.addLast(key.group(1).length());
            open.addLast(key.group(2));
            if (key.group(4) != null) {
                sentences.addFirst("(" + key.group(4) + ")");
            }
            var value = key.group(3) == null ? "" : key.group(3);
            rows.add(new Row(String.join(".", open), value, isLeftOut, sentences));
            sentences.clear();
        }
        return rows;
    }

    private static long opening(String yaml) {
        return yaml.lines().takeWhile(line -> line.startsWith("#")).count();
    }
}
