package io.ballast.testbed.bench;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Services as translator and ipam would publish them, written to their topics straight away: one TCP listener, a pool of three
 * pods and a granted VIP each. A generation more replaces one member.
 */
public final class DesiredServices implements AutoCloseable {
    private static final int MEMBERS = 3;
    private static final int HOSTS = 250;
    private static final int FIRST = 1; // beside what other tests have in the first

    private final KafkaSettings kafka;
    private final String subnetId;
    private final String provider;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param subnetId subnet of the VIPs, 10.2.0.0/16
     * @param provider amphora or ovn
     */
    public DesiredServices(KafkaSettings kafka, String subnetId, String provider) {
        this.kafka = kafka;
        this.subnetId = subnetId;
        this.provider = provider;
        this.producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public static ServiceKey key(int service) {
        return new ServiceKey("bench", "bench", "s" + service);
    }

    static String vip(int service) {
        return "10.2.%d.%d".formatted(FIRST + service / HOSTS, service % HOSTS + 1);
    }

    static String member(int service, int last) {
        return "10.1.%d.%d".formatted(service % HOSTS, last + 1);
    }

    /** Grants the VIP of a Service. */
    public void grant(int service) {
        var vip = new GrantedVip(IpFamily.IPV4, vip(service), subnetId, "");
        send(
                Topics.ADDRESS_ALLOCATIONS,
                service,
                new AddressAllocation(
                        AllocationState.GRANTED,
                        "cluster-1",
                        "uid-" + service,
                        1,
                        1,
                        provider,
                        List.of(vip),
                        1,
                        List.of(),
                        List.of(),
                        null,
                        "",
                        0L));
    }

    /** Asks for a Service as it is in a generation. */
    public void desire(int service, long generation) {
        send(
                Topics.DESIRED_LOAD_BALANCERS,
                service,
                new DesiredLoadBalancer(
                        DesiredState.PRESENT,
                        "cluster-1",
                        "uid-" + service,
                        Long.toString(generation),
                        1,
                        generation,
                        null,
                        "",
                        ServiceType.CLUSTER_IP,
                        false,
                        List.of(),
                        List.of(body(service, generation))));
    }

    /** Asks for a Service no more. */
    public void withdraw(int service, long generation) {
        send(
                Topics.DESIRED_LOAD_BALANCERS,
                service,
                new DesiredLoadBalancer(
                        DesiredState.ABSENT,
                        "cluster-1",
                        "uid-" + service,
                        Long.toString(generation),
                        1,
                        generation,
                        null,
                        "",
                        ServiceType.CLUSTER_IP,
                        false,
                        List.of(),
                        List.of()));
    }

    private DesiredLoadBalancerBody body(int service, long generation) {
        var name = "bench/s" + service;
        var members = IntStream.range(0, MEMBERS)
                .mapToObj(i -> i + 1 < MEMBERS ? i : (int) generation + MEMBERS)
                .map(last -> new DesiredMember("pod-" + last, member(service, last), 8080, 1, null, null, null, false))
                .toList();
        return new DesiredLoadBalancerBody(
                name,
                provider,
                null,
                null,
                List.of(IpFamily.IPV4),
                List.of(),
                List.of(new DesiredListener(
                        name + ":TCP:80",
                        ListenerProtocol.TCP,
                        80,
                        name + ":TCP:80",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        List.of())),
                List.of(new DesiredPool(
                        name + ":TCP:80",
                        PoolProtocol.TCP,
                        provider.equals("ovn") ? LbAlgorithm.SOURCE_IP_PORT : LbAlgorithm.ROUND_ROBIN,
                        null,
                        null,
                        null,
                        members)),
                null,
                null);
    }

    private <V> void send(Topic<V> topic, int service, V value) {
        var key = key(service);
        var _ = producer.send(new ProducerRecord<>(
                kafka.topicPrefix() + topic.name(),
                Partitions.of(key, kafka.keyedPartitions()),
                key.toString().getBytes(StandardCharsets.UTF_8),
                Encoding.encode(topic, value)));
    }

    /** Waits until Kafka has everything. */
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
