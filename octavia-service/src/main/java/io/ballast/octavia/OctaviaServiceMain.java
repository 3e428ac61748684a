package io.ballast.octavia;

import io.ballast.octavia.kafka.OctaviaReconciler;
import io.ballast.octavia.kafka.OctaviaTopics;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.openstack.CloudCalls;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestReply;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import java.time.InstantSource;

/** The process octavia-service. */
public final class OctaviaServiceMain {
    /** Stands for a cloud where none is configured. */
    private static final Rest NO_CLOUD =
            _ -> new RestReply.Unanswered("no OpenStack credentials are configured", false);

    private OctaviaServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(
                args,
                (read, kafka) -> OctaviaServiceConfig.from(read, System.getenv(), kafka.keyedPartitions()),
                OctaviaServiceMain::parts);
    }

    private static ServiceParts<OctaviaCall, OctaviaAnswer> parts(OctaviaServiceConfig config, KafkaSettings kafka) {
        var metrics = new OctaviaServiceMetrics(config.amphorae());
        var rest = config.cloud()
                .map(source -> RestFactory.open(source, metrics.ofCloud()))
                .orElse(NO_CLOUD);
        return new ServiceParts<>(
                        OctaviaTopics.plan(kafka.keyedPartitions()),
                        new OctaviaReconciler(config.settings(), config.podAccess(), metrics.standing()),
                        new CloudCalls(rest, InstantSource.system()))
                .reporting(metrics);
    }
}
