package io.ballast.translator;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.translator.kafka.NoCalls;
import io.ballast.translator.kafka.TranslatorAnswer;
import io.ballast.translator.kafka.TranslatorCall;
import io.ballast.translator.kafka.TranslatorReconciler;
import io.ballast.translator.kafka.TranslatorTopics;

/** The process translator-service. */
public final class TranslatorServiceMain {
    private TranslatorServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(args, (read, _) -> TranslatorServiceConfig.from(read), TranslatorServiceMain::parts);
    }

    private static ServiceParts<TranslatorCall, TranslatorAnswer> parts(
            TranslatorServiceConfig config, KafkaSettings kafka) {
        var reconciler = new TranslatorReconciler(config.clusters(), kafka.keyedPartitions());
        return new ServiceParts<>(TranslatorTopics.plan(kafka.keyedPartitions()), reconciler, new NoCalls())
                .reporting(new TranslatorServiceMetrics(reconciler));
    }
}
