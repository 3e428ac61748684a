package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.schemas.contract.InOrder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is broken, and limits that a cloud sets. Counters ({@code next…}) fall by one with each use and end at 0.
 *
 * @param childrenStayPending a fully populated amphora create goes ACTIVE with its children PENDING_CREATE for ever
 * @param workersStopped amphora objects stay PENDING while this is on, and finish when it is off again
 * @param nextChangesStuck the next changes of load balancers, of any kind, stay PENDING for ever
 * @param nextCreatesFail the next creates end in ERROR
 * @param nextChangesFail the next changes that are neither create nor delete end in ERROR
 * @param nextCreatesBreak the next creates answer 500 after the VIP port was made
 * @param brokenCreatesLeakPort a create that is refused after the VIP port was made leaves the port, as Octavia 11 does
 * @param nextAnswersLost the answers to the next writes are lost, their effect is not
 * @param storm what to answer instead of doing anything
 * @param listLag how old the state is that lists show: Octavia's, members excepted, and Neutron's ports and floating IPs
 * @param ovnMonitorsFail a health monitor of an ovn pool goes to ERROR
 * @param ovnChangesHang as with the ovn provider 3.0.0, a monitor of a fully populated create stays PENDING_CREATE, and these changes
 *     never end: any of such a monitor, a listener that comes where there is a monitor, a listener whose pool is taken away
 * @param noHeartbeats amphora objects stay OFFLINE for ever
 * @param tokenLifetime how long a token that is issued from now on is good
 * @param quotas most objects per project by resource name as in Octavia ({@code loadbalancer}, {@code listener}, {@code pool},
 *     {@code member}, {@code healthmonitor}) and Neutron ({@code floatingip}, {@code port}…); none or -1 is unlimited
 */
public record Faults(
        boolean childrenStayPending,
        boolean workersStopped,
        int nextChangesStuck,
        int nextCreatesFail,
        int nextChangesFail,
        int nextCreatesBreak,
        boolean brokenCreatesLeakPort,
        int nextAnswersLost,
        Storm storm,
        Duration listLag,
        boolean ovnMonitorsFail,
        boolean ovnChangesHang,
        boolean noHeartbeats,
        Duration tokenLifetime,
        Map<String, Integer> quotas) {

    public Faults {
        quotas = InOrder.copyOf(quotas);
    }

    /** Answers {@code count} calls with a status: 503 as Octavia's "Project busy", 429 with Retry-After, or 500. */
    public record Storm(int count, int status, Duration retryAfter, boolean writesOnly, String service) {
        /** No storm. */
        public static final Storm NONE = new Storm(0, 503, Duration.ZERO, true, "OCTAVIA");

        boolean hits(OpenStackService called, boolean write) {
            return count > 0
                    && (write || !writesOnly)
                    && (service.isEmpty() || called.name().equals(service));
        }

        Storm less() {
            return new Storm(count - 1, status, retryAfter, writesOnly, service);
        }
    }

    /** Nothing is broken; a token lives an hour; no quota. */
    public static Faults none() {
        return new Faults(
                false,
                false,
                0,
                0,
                0,
                0,
                true,
                0,
                Storm.NONE,
                Duration.ZERO,
                false,
                false,
                false,
                Duration.ofHours(1),
                Map.of());
    }

    int quota(String resource) {
        return quotas.getOrDefault(resource, -1);
    }

    /** Names every switch by its JSON name; durations are seconds. */
    ObjectNode toJson() {
        return Json.object(
                "childrenStayPending", childrenStayPending,
                "workersStopped", workersStopped,
                "nextChangesStuck", nextChangesStuck,
                "nextCreatesFail", nextCreatesFail,
                "nextChangesFail", nextChangesFail,
                "nextCreatesBreak", nextCreatesBreak,
                "brokenCreatesLeakPort", brokenCreatesLeakPort,
                "nextAnswersLost", nextAnswersLost,
                "storm",
                        Json.object(
                                "count", storm.count,
                                "status", storm.status,
                                "retryAfterSeconds", storm.retryAfter.toSeconds(),
                                "writesOnly", storm.writesOnly,
                                "service", storm.service),
                "listLagMillis", listLag.toMillis(),
                "ovnMonitorsFail", ovnMonitorsFail,
                "ovnChangesHang", ovnChangesHang,
                "noHeartbeats", noHeartbeats,
                "tokenLifetimeSeconds", tokenLifetime.toSeconds(),
                "quotas", new TreeMap<>(quotas));
    }

    /** These faults with the named switches changed; throws on a name that is not there. */
    Faults merge(JsonNode changes) {
        var all = toJson();
        for (var name : Json.fieldNames(changes)) {
            if (!all.has(name)) {
                throw new IllegalArgumentException(
                        "no switch named " + name + "; there are " + String.join(", ", Json.fieldNames(all)));
            }
            if (name.equals("storm")) {
                ((ObjectNode) all.get(name)).setAll((ObjectNode) changes.get(name));
            } else {
                all.set(name, changes.get(name));
            }
        }
        var limits = new TreeMap<String, Integer>();
        for (var name : Json.fieldNames(all.get("quotas"))) {
            limits.put(name, all.get("quotas").get(name).asInt());
        }
        var s = all.get("storm");
        return new Faults(
                all.get("childrenStayPending").asBoolean(),
                all.get("workersStopped").asBoolean(),
                all.get("nextChangesStuck").asInt(),
                all.get("nextCreatesFail").asInt(),
                all.get("nextChangesFail").asInt(),
                all.get("nextCreatesBreak").asInt(),
                all.get("brokenCreatesLeakPort").asBoolean(),
                all.get("nextAnswersLost").asInt(),
                new Storm(
                        s.get("count").asInt(),
                        s.get("status").asInt(),
                        Duration.ofSeconds(s.get("retryAfterSeconds").asLong()),
                        s.get("writesOnly").asBoolean(),
                        s.get("service").asText()),
                Duration.ofMillis(all.get("listLagMillis").asLong()),
                all.get("ovnMonitorsFail").asBoolean(),
                all.get("ovnChangesHang").asBoolean(),
                all.get("noHeartbeats").asBoolean(),
                Duration.ofSeconds(all.get("tokenLifetimeSeconds").asLong()),
                limits);
    }

    /** These faults with one switch changed, by its JSON name: the field, with the unit behind it where it is a duration. */
    public Faults with(String name, Object value) {
        return merge(Json.object(name, value));
    }

    /** The next calls are answered like this. */
    public Faults withStorm(Storm next) {
        return merge(Json.object(
                "storm",
                Json.object(
                        "count", next.count,
                        "status", next.status,
                        "retryAfterSeconds", next.retryAfter.toSeconds(),
                        "writesOnly", next.writesOnly,
                        "service", next.service)));
    }

    /** One quota changed; -1 is unlimited. */
    public Faults withQuota(String resource, int most) {
        var limits = new TreeMap<>(quotas);
        limits.put(resource, most);
        return with("quotas", limits);
    }
}
