package io.ballast.testbed.kafka;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;

/** The copying service as a process of its own, to be killed and put to sleep. */
public final class CopyServiceMain {
    private record Config(String writer) {
        static Config from(ConfigReader read, KafkaSettings kafka) {
            return new Config(read.text("writer"));
        }
    }

    private CopyServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(args, Config::from, CopyServiceMain::parts);
    }

    private static ServiceParts<String, String> parts(Config config, KafkaSettings kafka) {
        return new ServiceParts<>(
                CopyReconciler.plan(kafka.keyedPartitions()),
                new CopyReconciler(config.writer(), false),
                new CopyCalls());
    }
}
