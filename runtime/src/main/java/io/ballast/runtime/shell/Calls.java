package io.ballast.runtime.shell;

import java.util.function.Consumer;

/**
 * The outside world of a service. Each call runs on a thread of its own and may block for minutes.
 *
 * @param <C> calls
 * @param <R> answers and news
 */
public interface Calls<C, R> extends AutoCloseable {
    /** Makes the call. Every outcome that can be expected, a failure too, is an answer, classified here and once. */
    R call(C call);

    /** The answer that stands for an exception that {@link #call} was not expected to throw. */
    R failed(C call, RuntimeException cause);

    /** Says where news go that no call asked for; called once, before the first call. Safe to be used by any thread. */
    default void listen(Consumer<R> news) {}

    @Override
    default void close() {}
}
