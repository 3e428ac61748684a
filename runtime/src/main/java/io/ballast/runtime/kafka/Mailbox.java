package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Event;

/** Where everything that happens goes, from any thread. */
interface Mailbox<C, R> {
    /** Takes an event; the action runs once the shell has taken it in. */
    void post(Event<C, R> event, Runnable taken);

    default void post(Event<C, R> event) {
        post(event, () -> {});
    }
}
