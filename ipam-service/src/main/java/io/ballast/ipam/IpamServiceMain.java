package io.ballast.ipam;

import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.ipam.kafka.IpamTopics;
import io.ballast.ipam.openstack.FindingLog;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestReply;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;

/** The process ipam-service. */
public final class IpamServiceMain {
    /** Stands for a cloud where none is configured. */
    private static final Rest NO_CLOUD =
            _ -> new RestReply.Unanswered("no OpenStack credentials are configured", false);

    private IpamServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(args, IpamServiceMain::config, IpamServiceMain::parts);
    }

    private static IpamServiceConfig config(ConfigReader read, KafkaSettings kafka) {
        var config = IpamServiceConfig.from(read, System.getenv());
        BootstrapCheck.fault(kafka.bootstrapServers(), config.rules())
                .ifPresent(fault -> read.fail("kafka.bootstrap-servers", fault));
        return config;
    }

    private static ServiceParts<IpamCall, IpamAnswer> parts(IpamServiceConfig config, KafkaSettings kafka) {
        var reconciler = new IpamReconciler(new IpamReconciler.Settings(
                config.rules(),
                config.cloud().isPresent(),
                kafka.keyedPartitions(),
                config.readEvery(),
                config.checkEvery(),
                config.publishEvery()));
        var metrics = new IpamServiceMetrics(reconciler);
        var rest = config.cloud()
                .map(source -> RestFactory.open(source, metrics.ofCloud()))
                .orElse(NO_CLOUD);
        return new ServiceParts<>(
                        IpamTopics.plan(kafka.keyedPartitions()),
                        reconciler,
                        new FindingLog(new NeutronAddresses(rest), config.rules()))
                .reporting(metrics);
    }
}
