package io.ballast.runtime.shell;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** A reconciler that does as it is told and remembers what it was asked. Each marked key has a pass of its own. */
final class Scripted implements Reconciler<String, String> {
    final List<String> passed = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final Map<String, Supplier<Pass<String>>> passes = new HashMap<>();
    private final Map<Integer, Tables> open = new HashMap<>();
    Supplier<Pass<String>> smaller = Pass::nothing;
    List<Key> atFirst = List.of();
    List<Key> atFirstInBackground = List.of();
    final Map<String, Cause> causes = new HashMap<>();
    List<Key> letGoByAnswers = List.of();
    Marks marks = new NoMarks();

    /** The tables of a partition that is open. */
    Tables tables(int partition) {
        return Objects.requireNonNull(open.get(partition));
    }

    @Override
    public void opened(int partition, Tables tables, Marks given, Instant now) {
        heard.add("opened " + partition);
        open.put(partition, tables);
        marks = given;
        atFirstInBackground.forEach(given::markInBackground);
        atFirst.forEach(given::mark);
    }

    @Override
    public void closed(int partition) {
        heard.add("closed " + partition);
        open.remove(partition);
    }

    @Override
    public void changed(int partition, Change<?> change, Marks given, Instant now) {
        heard.add("changed " + change.key());
        given.mark(new Key(partition, change.key()));
    }

    @Override
    public Pass<String> pass(Key key, Cause cause, Instant now) {
        passed.add(key.name());
        causes.put(key.name(), cause);
        return passes.getOrDefault(key.name(), Pass::nothing).get();
    }

    @Override
    public void answered(Key key, String call, String answer, Marks given, Instant now) {
        heard.add("answered " + key.name() + " " + answer);
        letGoByAnswers.forEach(given::mark);
    }

    @Override
    public Pass<String> tooLarge(Key key, Output<?> output, int bytes, int max, Instant now) {
        heard.add("too large " + output.key());
        return smaller.get();
    }

    private static final class NoMarks implements Marks {
        @Override
        public void mark(Key key) {}

        @Override
        public void markInBackground(Key key) {}

        @Override
        public void markAt(Key key, Instant time) {}
    }
}
