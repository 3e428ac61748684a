package io.ballast.translator;

import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.translator.kafka.NoCalls;
import io.ballast.translator.kafka.TranslatorReconciler;
import io.ballast.translator.kafka.TranslatorTopics;

/** The process translator-service. */
public final class TranslatorServiceMain {
    private TranslatorServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(
                args,
                (read, _) -> TranslatorServiceConfig.from(read),
                (config, kafka) -> new ServiceParts<>(
                        TranslatorTopics.plan(kafka.keyedPartitions()),
                        new TranslatorReconciler(config.clusters(), kafka.keyedPartitions()),
                        new NoCalls()));
    }
}
