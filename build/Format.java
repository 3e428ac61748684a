import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats every Java file below a folder, or checks that it is formatted: {@code Format check|write FOLDER}. A program of
 * its own because palantir-java-format parses with the compiler of the JVM it runs in, which must be the JDK 25 and not
 * the JVM that Maven was started on.
 */
void main(String[] args) throws Exception {
    var write = args[0].equals("write");
    var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());
    var changed = new ArrayList<Path>();
    for (Path file : javaFiles(Path.of(args[1]))) {
        var source = Files.readString(file);
        var formatted = format(formatter, file, source);
        if (!formatted.equals(source)) {
            changed.add(file);
            if (write) {
                Files.writeString(file, formatted);
            }
        }
    }
    if (!changed.isEmpty() && !write) {
        IO.println("not formatted (mend with: mvn -N -Pformat process-sources):");
        changed.forEach(file -> IO.println("  " + file));
        System.exit(1);
    }
}

List<Path> javaFiles(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
        return files.filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !file.toString().contains("/target/"))
                .filter(file -> !file.endsWith("build/Format.java"))
                .sorted()
                .toList();
    }
}

String format(Formatter formatter, Path file, String source) {
    try {
        var imports = ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.PALANTIR);
        return formatter.formatSource(imports);
    } catch (FormatterException e) {
        throw new IllegalStateException(file + " does not parse: " + e.getMessage(), e);
    }
}
