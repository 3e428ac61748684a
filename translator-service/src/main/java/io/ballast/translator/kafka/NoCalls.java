package io.ballast.translator.kafka;

import io.ballast.runtime.shell.Calls;

/** The outside world of the translator: none. */
public final class NoCalls implements Calls<TranslatorCall, TranslatorAnswer> {
    @Override
    public TranslatorAnswer call(TranslatorCall call) {
        throw new IllegalStateException("there is no call: " + call);
    }

    @Override
    public TranslatorAnswer failed(TranslatorCall call, RuntimeException cause) {
        throw new IllegalStateException("there is no call: " + call, cause);
    }
}
