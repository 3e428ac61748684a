package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** The {@code Table} form of objects, with the columns that {@code kubectl get} shows. Source: {@code pkg/printers/internalversion}. */
final class Tables {
    /** One column; {@code wide} ones are shown by {@code -o wide} only. */
    private record Column(String name, boolean wide, Function<JsonNode, String> cell) {}

    private Tables() {}

    /** The table of these objects, shown as of {@code now} (ages). {@code includeObject} is the request's: Metadata unless told. */
    static ObjectNode table(
            ResourceType type, List<ObjectNode> objects, ObjectNode meta, String includeObject, Instant now) {
        var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", meta);
        var columns = columns(type, now);
        var definitions = table.putArray("columnDefinitions");
        for (var column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", "string")
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", column.name())
                    .put("priority", column.wide() ? 1 : 0);
        }
        var rows = table.putArray("rows");
        for (var object : objects) {
            var row = rows.addObject();
            var cells = row.putArray("cells");
            columns.forEach(column -> cells.add(column.cell().apply(object)));
            if (!includeObject.equals("None")) {
                row.set("object", includeObject.equals("Object") ? object : partial(object));
            }
        }
        return table;
    }

    private static ObjectNode partial(ObjectNode object) {
        var partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static Column column(String name, Function<JsonNode, String> cell) {
        return new Column(name, false, cell);
    }

    private static Column wide(String name, Function<JsonNode, String> cell) {
        return new Column(name, true, cell);
    }

    private static Function<JsonNode, String> field(String... path) {
        return object -> Json.text(object, path);
    }

    private static Function<JsonNode, String> number(String... path) {
        return object -> Long.toString(Json.at(object, path).asLong());
    }

    private static List<Column> columns(ResourceType type, Instant now) {
        var name = column("Name", Meta::name);
        var age = column("Age", object -> age(Json.text(object, "metadata", "creationTimestamp"), now));
        return switch (type.storage()) {
            case "/services" ->
                List.of(
                        name,
                        column("Type", field("spec", "type")),
                        column("Cluster-IP", object -> orNone(Json.text(object, "spec", "clusterIP"))),
                        column("External-IP", Tables::externalIp),
                        column("Port(s)", Tables::servicePorts),
                        age,
                        wide("Selector", object -> pairs(Json.at(object, "spec", "selector"))));
            case "/pods" ->
                List.of(
                        name,
                        column("Ready", Tables::readyContainers),
                        column("Status", Tables::podStatus),
                        column("Restarts", _ -> "0"),
                        age,
                        wide("IP", object -> orNone(Json.text(object, "status", "podIP"))),
                        wide("Node", object -> orNone(Json.text(object, "spec", "nodeName"))),
                        wide("Nominated Node", _ -> "<none>"),
                        wide("Readiness Gates", _ -> "<none>"));
            case "/nodes" ->
                List.of(
                        name,
                        column("Status", Tables::nodeStatus),
                        column("Roles", Tables::nodeRoles),
                        age,
                        column("Version", field("status", "nodeInfo", "kubeletVersion")),
                        wide("Internal-IP", object -> nodeAddress(object, "InternalIP")),
                        wide("External-IP", object -> nodeAddress(object, "ExternalIP")),
                        wide("OS-Image", field("status", "nodeInfo", "osImage")),
                        wide("Kernel-Version", field("status", "nodeInfo", "kernelVersion")),
                        wide("Container-Runtime", field("status", "nodeInfo", "containerRuntimeVersion")));
            case "/namespaces" -> List.of(name, column("Status", field("status", "phase")), age);
            case "apps/deployments" ->
                List.of(
                        name,
                        column("Ready", Tables::replicas),
                        column("Up-to-date", number("status", "updatedReplicas")),
                        column("Available", number("status", "availableReplicas")),
                        age,
                        wide("Containers", object -> containers(object, "name")),
                        wide("Images", object -> containers(object, "image")),
                        wide("Selector", object -> pairs(Json.at(object, "spec", "selector", "matchLabels"))));
            case "apps/statefulsets" -> List.of(name, column("Ready", Tables::replicas), age);
            case "apps/replicasets" ->
                List.of(
                        name,
                        column("Desired", number("spec", "replicas")),
                        column("Current", number("status", "replicas")),
                        column("Ready", number("status", "readyReplicas")),
                        age);
            case "apps/daemonsets" ->
                List.of(
                        name,
                        column("Desired", number("status", "desiredNumberScheduled")),
                        column("Current", number("status", "currentNumberScheduled")),
                        column("Ready", number("status", "numberReady")),
                        column("Up-to-date", number("status", "updatedNumberScheduled")),
                        column("Available", number("status", "numberAvailable")),
                        column(
                                "Node Selector",
                                object -> pairs(Json.at(object, "spec", "template", "spec", "nodeSelector"))),
                        age);
            case "batch/jobs" ->
                List.of(
                        name,
                        column(
                                "Status",
                                object -> Json.at(object, "status", "succeeded").asInt() > 0 ? "Complete" : "Running"),
                        column(
                                "Completions",
                                object -> Json.at(object, "status", "succeeded").asInt() + "/"
                                        + Json.at(object, "spec", "completions").asInt(1)),
                        age);
            case "/endpoints" -> List.of(name, column("Endpoints", Tables::endpoints), age);
            case "discovery.k8s.io/endpointslices" ->
                List.of(
                        name,
                        column("AddressType", field("addressType")),
                        column("Ports", Tables::slicePorts),
                        column("Endpoints", Tables::sliceAddresses),
                        age);
            case "/events" ->
                List.of(
                        column("Last Seen", object -> age(lastSeen(object), now)),
                        column("Type", field("type")),
                        column("Reason", field("reason")),
                        column("Object", Tables::eventObject),
                        column("Message", object -> first(object, "message", "note")),
                        wide("Name", Meta::name));
            case "/configmaps", "/secrets" ->
                List.of(
                        name,
                        column(
                                "Data",
                                object -> Integer.toString(object.path("data").size())),
                        age);
            case "/serviceaccounts" ->
                List.of(
                        name,
                        column(
                                "Secrets",
                                object ->
                                        Integer.toString(object.path("secrets").size())),
                        age);
            case "coordination.k8s.io/leases" -> List.of(name, column("Holder", field("spec", "holderIdentity")), age);
            case "networking.k8s.io/ingressclasses" ->
                List.of(name, column("Controller", field("spec", "controller")), age);
            case "apiextensions.k8s.io/customresourcedefinitions" ->
                List.of(name, column("Created At", field("metadata", "creationTimestamp")));
            default -> List.of(name, age);
        };
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    private static String first(JsonNode object, String field, String otherwise) {
        var text = Json.text(object, field);
        return text.isEmpty() ? Json.text(object, otherwise) : text;
    }

    /** A time span as kubectl words it: {@code 45s}, {@code 3m20s}, {@code 5h}, {@code 2d}. */
    static String age(String timestamp, Instant now) {
        if (timestamp.isEmpty()) {
            return "<unknown>";
        }
        try {
            var span = Duration.between(Instant.parse(timestamp), now);
            var seconds = Math.max(0, span.toSeconds());
            if (seconds < 120) {
                return seconds + "s";
            }
            var minutes = seconds / 60;
            if (minutes < 10) {
                return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
            }
            return minutes < 180 ? minutes + "m" : minutes < 48 * 60 ? minutes / 60 + "h" : minutes / (24 * 60) + "d";
        } catch (DateTimeParseException broken) {
            return "<invalid>";
        }
    }

    private static String externalIp(JsonNode service) {
        var spec = service.path("spec");
        if (Json.text(spec, "type").equals("ExternalName")) {
            return Json.text(spec, "externalName");
        }
        var external = Json.texts(spec.path("externalIPs"));
        if (Json.text(spec, "type").equals("LoadBalancer")) {
            var ingress = Json.objects(Json.at(service, "status", "loadBalancer", "ingress")).stream()
                    .map(entry -> first(entry, "ip", "hostname"))
                    .toList();
            if (ingress.isEmpty() && external.isEmpty()) {
                return "<pending>";
            }
            external.addAll(0, ingress);
        }
        return orNone(String.join(",", external));
    }

    private static String servicePorts(JsonNode service) {
        var ports = Json.objects(Json.at(service, "spec", "ports")).stream()
                .map(port -> Json.text(port, "port")
                        + (port.path("nodePort").asInt() == 0 ? "" : ":" + Json.text(port, "nodePort"))
                        + "/" + Json.text(port, "protocol"))
                .toList();
        return orNone(String.join(",", ports));
    }

    private static String pairs(JsonNode map) {
        var pairs = Json.textMap(map).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return orNone(String.join(",", pairs));
    }

    private static String readyContainers(JsonNode pod) {
        var ready = Json.objects(Json.at(pod, "status", "containerStatuses")).stream()
                .filter(status -> status.path("ready").asBoolean())
                .count();
        return ready + "/" + Json.at(pod, "spec", "containers").size();
    }

    private static String podStatus(JsonNode pod) {
        return Meta.isDeleting(pod) ? "Terminating" : Json.text(pod, "status", "phase");
    }

    private static String nodeStatus(JsonNode node) {
        var ready = Json.objects(Json.at(node, "status", "conditions")).stream()
                .anyMatch(condition -> Json.text(condition, "type").equals("Ready")
                        && Json.text(condition, "status").equals("True"));
        return (ready ? "Ready" : "NotReady")
                + (Json.at(node, "spec", "unschedulable").asBoolean() ? ",SchedulingDisabled" : "");
    }

    private static String nodeRoles(JsonNode node) {
        var prefix = "node-role.kubernetes.io/";
        var roles = Meta.labels(node).keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .toList();
        return orNone(String.join(",", roles));
    }

    private static String nodeAddress(JsonNode node, String type) {
        return orNone(Json.objects(Json.at(node, "status", "addresses")).stream()
                .filter(address -> Json.text(address, "type").equals(type))
                .map(address -> Json.text(address, "address"))
                .findFirst()
                .orElse(""));
    }

    private static String replicas(JsonNode workload) {
        return Json.at(workload, "status", "readyReplicas").asInt() + "/"
                + Json.at(workload, "spec", "replicas").asInt();
    }

    private static String containers(JsonNode workload, String field) {
        var texts = Json.objects(Json.at(workload, "spec", "template", "spec", "containers")).stream()
                .map(container -> Json.text(container, field))
                .toList();
        return String.join(",", texts);
    }

    private static String endpoints(JsonNode endpoints) {
        var all = Json.objects(endpoints.path("subsets")).stream()
                .flatMap(subset -> Json.objects(subset.path("addresses")).stream()
                        .flatMap(address -> subset.path("ports").isEmpty()
                                ? Stream.of(Json.text(address, "ip"))
                                : Json.objects(subset.path("ports")).stream().map(port -> join(address, port))))
                .toList();
        return limited(all, 3, " + %d more...");
    }

    private static String join(JsonNode address, JsonNode port) {
        var ip = Json.text(address, "ip");
        return (AddressRange.isIpv6(ip) ? "[" + ip + "]" : ip) + ":" + Json.text(port, "port");
    }

    private static String slicePorts(JsonNode slice) {
        if (!(slice.get("ports") instanceof ArrayNode ports) || ports.isEmpty()) {
            return "<unset>";
        }
        return limited(
                Json.objects(ports).stream()
                        .map(port -> Json.text(port, "port"))
                        .toList(),
                3,
                " + %d more...");
    }

    private static String sliceAddresses(JsonNode slice) {
        var all = Json.objects(slice.path("endpoints")).stream()
                .flatMap(endpoint -> Json.texts(endpoint.path("addresses")).stream())
                .toList();
        return all.isEmpty() ? "<unset>" : limited(all, 3, " + %d more...");
    }

    private static String limited(List<String> texts, int limit, String more) {
        if (texts.size() <= limit) {
            return orNone(String.join(",", texts));
        }
        return String.join(",", texts.subList(0, limit)) + more.formatted(texts.size() - limit);
    }

    private static String lastSeen(JsonNode event) {
        var series = Json.text(event, "series", "lastObservedTime");
        if (!series.isEmpty()) {
            return series;
        }
        var last = first(event, "lastTimestamp", "deprecatedLastTimestamp");
        return last.isEmpty() ? Json.text(event, "eventTime") : last;
    }

    private static String eventObject(JsonNode event) {
        var about = event.has("regarding") ? event.path("regarding") : event.path("involvedObject");
        return Json.text(about, "kind").toLowerCase(Locale.ROOT) + "/" + Json.text(about, "name");
    }
}
