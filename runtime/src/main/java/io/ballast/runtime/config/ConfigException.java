package io.ballast.runtime.config;

import java.util.List;

/** A configuration that cannot be used. It carries every mistake that was found, each a sentence naming the key. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public ConfigException(String problem) {
        this(List.of(problem));
    }

    /** Every mistake, in the order it was found; never empty. */
    public List<String> problems() {
        return problems;
    }
}
