package io.ballast.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Topics and users for a Kafka that Strimzi runs (API kafka.strimzi.io/v1). Access is literal, without wildcards: each
 * service may write its own topics, read its own and its inputs, and own its group and its transactional ids.
 */
final class StrimziResources {
    static final String PREFIX = "ballast.";
    static final String CLUSTER = "kubernetes";
    static final List<String> SERVICES = List.of("ipam", "octavia", "translator", "watcher");

    /** The command line: it confirms deletions and reads what tools may read. */
    static final String COMMAND_LINE = "ballast";

    private static final String API = "kafka.strimzi.io/v1";
    private static final String KAFKA = "ballast-kafka";

    private StrimziResources() {}

    static List<Map<String, Object>> topics() {
        return Topics.ALL.stream().map(StrimziResources::topic).toList();
    }

    static List<Map<String, Object>> users() {
        return Stream.concat(SERVICES.stream().map(StrimziResources::service), Stream.of(commandLine()))
                .toList();
    }

    private static Map<String, Object> topic(Topic<?> topic) {
        var config = new TreeMap<String, Object>(topic.settings());
        config.put("min.insync.replicas", "2");
        return Yaml.map(
                "apiVersion",
                API,
                "kind",
                "KafkaTopic",
                "metadata",
                metadata(PREFIX + topic.name()),
                "spec",
                Yaml.map("partitions", topic.partitions(Partitions.DEFAULT_COUNT), "replicas", 3, "config", config));
    }

    private static Map<String, Object> service(String service) {
        var acls = topicAcls(service);
        acls.add(acl("group", PREFIX + group(service), List.of("Describe", "Read")));
        transactionalIds(service)
                .forEach(id -> acls.add(acl("transactionalId", PREFIX + id, List.of("Describe", "Write"))));
        return user("ballast-" + service, acls);
    }

    private static Map<String, Object> commandLine() {
        return user("ballast-operator", topicAcls(COMMAND_LINE));
    }

    private static List<Map<String, Object>> topicAcls(String who) {
        var acls = new ArrayList<Map<String, Object>>();
        for (var topic : Topics.ALL) {
            var operations = operations(who, topic);
            if (!operations.isEmpty()) {
                acls.add(acl("topic", PREFIX + topic.name(), operations));
            }
        }
        return acls;
    }

    private static Map<String, Object> user(String name, List<Map<String, Object>> acls) {
        return Yaml.map(
                "apiVersion",
                API,
                "kind",
                "KafkaUser",
                "metadata",
                metadata(name),
                "spec",
                Yaml.map(
                        "authentication", Yaml.map("type", "scram-sha-512"),
                        "authorization", Yaml.map("type", "simple", "acls", acls)));
    }

    /** What a service may do with a topic: nothing, read it, or write it and read it back. */
    static List<String> operations(String service, Topic<?> topic) {
        if (topic.writers().contains(service)) {
            return List.of("Describe", "DescribeConfigs", "Read", "Write");
        }
        var reader = service.equals(COMMAND_LINE) ? "tools" : service;
        return topic.readers().contains(reader) ? List.of("Describe", "DescribeConfigs", "Read") : List.of();
    }

    /** The consumer group of a service; one per cluster for the watcher. */
    private static String group(String service) {
        return service.equals("watcher") ? "watcher-" + CLUSTER : service;
    }

    /** One per partition of the topic whose partitions are shared out. */
    private static List<String> transactionalIds(String service) {
        int partitions = service.equals("translator") || service.equals("octavia") ? Partitions.DEFAULT_COUNT : 1;
        return IntStream.range(0, partitions)
                .mapToObj(partition -> group(service) + "-" + partition)
                .toList();
    }

    private static Map<String, Object> acl(String type, String name, List<String> operations) {
        return Yaml.map(
                "resource", Yaml.map("type", type, "name", name, "patternType", "literal"), "operations", operations);
    }

    private static Map<String, Object> metadata(String name) {
        return Yaml.map("name", name, "labels", Yaml.map("strimzi.io/cluster", KAFKA));
    }
}
