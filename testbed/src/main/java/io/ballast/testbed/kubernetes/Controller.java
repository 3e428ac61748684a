package io.ballast.testbed.kubernetes;

import java.util.function.Consumer;

/** A level-triggered controller: told what may have changed, it looks and brings one object nearer to what it should be. */
interface Controller {
    /** Names the objects to look at again after a change. */
    void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty);

    /** One pass for one object, which may be gone by now. */
    void reconcile(ObjectStore.Key key);

    /** Whether this controller runs only when no other has work: what sums up many objects is better done once, at the end. */
    default boolean isLate() {
        return false;
    }
}
