package io.ballast.runtime.shell;

import java.time.Instant;

/** Where a reconciler says which keys need a pass. Marking a marked key changes nothing. */
public interface Marks {
    /** A pass as soon as possible: something a person waits for changed. */
    void mark(Key key);

    /** A pass when nothing more urgent is left: a resync. */
    void markInBackground(Key key);

    /** A pass at the given time, unless one comes before. */
    void markAt(Key key, Instant time);
}
