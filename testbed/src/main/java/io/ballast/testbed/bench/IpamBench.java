package io.ballast.testbed.bench;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.ipam.kafka.IpamTopics;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.testbed.kafka.EmbeddedBroker;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast ipam grants: its decisions alone, then the whole service between the topics of an embedded broker and the model
 * of Neutron, all in this process.
 */
public final class IpamBench {
    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final String PLAIN = "plain";
    private static final String FLOATING = "floating";

    private final int services;
    private final int floating;
    private final Path folder;
    private final Consumer<String> say;

    /**
     * A run that is not started.
     *
     * @param services Services with a VIP and an external address of a plain range
     * @param floating Services with a VIP and a floating IP, which Neutron makes
     * @param folder for the records of the broker
     * @param say takes each line of the result
     */
    public IpamBench(int services, int floating, Path folder, Consumer<String> say) {
        this.services = services;
        this.floating = floating;
        this.folder = folder;
        this.say = say;
    }

    /** Runs it, and says the figures. */
    public void run() throws InterruptedException {
        new DecisionBench(say).run();
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            run(broker.settings());
        }
    }

    private void run(KafkaSettings kafka) throws InterruptedException {
        try (var admin = new TopicAdmin(kafka)) {
            admin.apply(Topics.ALL);
        }
        write(
                kafka,
                Topics.INVENTORIES,
                kafka.keyedPartitions(),
                i -> Integer.toString(i),
                i -> new Inventory(i, 1, 0, 0, 0));
        var cloud = new ModelledNeutron();
        var reconciler = new IpamReconciler(settings(cloud.model, kafka.keyedPartitions()));
        var parts =
                new ServiceParts<>(IpamTopics.plan(kafka.keyedPartitions()), reconciler, new NeutronAddresses(cloud));
        say.accept("grants through Kafka:");
        try (var tally = new TopicTally(kafka, List.of(Topics.ADDRESS_ALLOCATIONS));
                var host = ServiceHost.start(parts, kafka, HttpSettings.local())) {
            await(host::isReady, "ipam is not ready");
            var wanted = new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, PLAIN, false);
            grant("VIP and external, %d".formatted(services), kafka, tally, reconciler, 0, services, wanted);
            var made = new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, FLOATING, false);
            grant(
                    "VIP and floating IP of the model, %d".formatted(floating),
                    kafka,
                    tally,
                    reconciler,
                    services,
                    floating,
                    made);
            say.accept("  writes to Neutron for each floating IP: %.1f".formatted(cloud.writes / (double) floating));
        }
    }

    private void grant(
            String what,
            KafkaSettings kafka,
            TopicTally tally,
            IpamReconciler reconciler,
            int from,
            int count,
            ExternalClaim external)
            throws InterruptedException {
        long began = System.nanoTime();
        write(
                kafka,
                Topics.ADDRESS_CLAIMS,
                count,
                i -> DecisionBench.key(from + i).toString(),
                i -> claim(from + i, external));
        await(() -> reconciler.grants().externals() == from + count, "not all are granted");
        var allocations = tally.of(Topics.ADDRESS_ALLOCATIONS);
        await(() -> allocations.arrivals().size() == from + count, "not all grants are committed");
        tally.awaitQuiet(Duration.ofMillis(500));
        long last = allocations.arrivals().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(began);
        say.accept("  %-64s %8.0f/s".formatted(what, count / ((last - began) / 1e9)));
    }

    private static AddressClaim claim(int index, ExternalClaim external) {
        var vip = IpAddress.of("10.2.0.1").plus(BigInteger.valueOf(index)).orElseThrow();
        return DecisionBench.claim(ClaimState.WANTED, index, IpFamily.IPV4, vip, external);
    }

    private static void await(BooleanSupplier condition, String otherwise) throws InterruptedException {
        long until = System.nanoTime() + WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("%s after %s".formatted(otherwise, WITHIN));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static <V> void write(
            KafkaSettings kafka, Topic<V> topic, int count, IntFunction<String> key, IntFunction<V> value) {
        var config = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        kafka.topicPrefix() + topic.name(),
                        0, // both topics have no other
                        key.apply(i).getBytes(StandardCharsets.UTF_8),
                        Encoding.encode(topic, value.apply(i))));
            }
        }
    }

    private static IpamReconciler.Settings settings(OpenStackModel model, int partitions) {
        var seeded = model.seeded();
        var vips = new Rules.VipPool(
                "bench/vip/ipv4",
                "bench",
                IpFamily.IPV4,
                seeded.serviceSubnetId(),
                List.of(AddressRange.parse("10.2.0.0/17")));
        var plain = new Rules.ExternalPool(
                PLAIN,
                null,
                null,
                List.of(AddressRange.parse("100.64.0.0/16")),
                Duration.ofSeconds(60),
                Set.of(),
                Set.of());
        var made = new Rules.ExternalPool(
                FLOATING, seeded.publicNetworkId(), null, List.of(), Duration.ofSeconds(60), Set.of(), Set.of());
        return new IpamReconciler.Settings(
                new Rules(Map.of("bench", new Rules.Cluster(List.of(vips), 1, "ovn")), List.of(plain, made), 1),
                true,
                partitions,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2));
    }

    /** The model as a Neutron that answers at once; its time is that since it began. */
    private static final class ModelledNeutron implements Rest {
        private static final Instant BEGAN = Instant.parse("2026-11-20T12:00:00Z");

        final OpenStackModel model = new OpenStackModel(OpenStackModel.Settings.of(Timing.zero()), BEGAN);
        private final long began = System.nanoTime();
        private final String token = model.tokenFor("k8s", "k8s", BEGAN);
        private volatile int writes;

        @Override
        public synchronized RestReply send(RestRequest request) {
            if (request.method() != RestRequest.Method.GET) {
                writes++;
            }
            var reply = model.handle(
                    new ModelRequest(
                            OpenStackService.NEUTRON,
                            request.method().name(),
                            request.path(),
                            new LinkedHashMap<>(request.query()),
                            Map.of("x-auth-token", token),
                            request.body()),
                    BEGAN.plusNanos(System.nanoTime() - began));
            return new RestReply.Answered(reply.status(), reply.json(), "req", null);
        }
    }
}
