package io.ballast.testbed.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, from 0, the calls that the processes make to the outside: commits to Kafka, writes to Kubernetes, and everything
 * that is asked of Neutron and Octavia. Says at which of them the process that makes it dies, and how.
 */
final class CallPoints {
    /** How a process dies at a call. */
    enum Crash {
        /** Before the call is made; a transaction is left open. */
        BEFORE,
        /** When it has the answer, and before it can do anything more. */
        AFTER,
        /** The call is done, and the process does not live to see the answer. */
        ANSWER_LOST
    }

    private final Map<Integer, Crash> planned;
    private final List<String> calls = new ArrayList<>();
    private Consumer<SimProcess<?, ?>> kill = ignored -> {};

    CallPoints(Map<Integer, Crash> planned) {
        this.planned = new HashMap<>(planned);
    }

    /** Nobody dies. */
    static CallPoints none() {
        return new CallPoints(Map.of());
    }

    /** Says who kills a process and starts another one in its place. */
    void killWith(Consumer<SimProcess<?, ?>> killer) {
        kill = killer;
    }

    /** What is called, in order. */
    List<String> calls() {
        return calls;
    }

    /** A process is about to make a call; how it is to die at it, null when it lives. */
    @Nullable
    Crash reached(String call) {
        calls.add(call);
        return planned.remove(calls.size() - 1);
    }

    void kill(SimProcess<?, ?> process) {
        kill.accept(process);
    }
}
