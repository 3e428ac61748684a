package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads bodies in {@code application/vnd.kubernetes.protobuf}, in which the typed clients of {@code kubectl create} write since
 * Kubernetes 1.31 and from which they do not fall back. Answers may stay JSON: such clients accept both. Source: Kubernetes
 * API concepts, alternate representations of resources. Of the generated library only the descriptors are used: its classes
 * stem from an old generator, whose parsers warn of themselves.
 */
final class Protobuf {
    static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";
    private static final ByteString MAGIC = ByteString.copyFrom(new byte[] {'k', '8', 's', 0});
    private static final Descriptor ENVELOPE = Runtime.getDescriptor().findMessageTypeByName("Unknown");
    private static final Map<String, FileDescriptor> FILES = Map.ofEntries(
            Map.entry("v1", V1.getDescriptor()),
            Map.entry("admissionregistration.k8s.io/v1", V1Admissionregistration.getDescriptor()),
            Map.entry("apps/v1", V1Apps.getDescriptor()),
            Map.entry("autoscaling/v1", V1Autoscaling.getDescriptor()),
            Map.entry("autoscaling/v2", V2Autoscaling.getDescriptor()),
            Map.entry("batch/v1", V1Batch.getDescriptor()),
            Map.entry("coordination.k8s.io/v1", V1Coordination.getDescriptor()),
            Map.entry("discovery.k8s.io/v1", V1Discovery.getDescriptor()),
            Map.entry("events.k8s.io/v1", V1Events.getDescriptor()),
            Map.entry("networking.k8s.io/v1", V1Networking.getDescriptor()),
            Map.entry("node.k8s.io/v1", V1Node.getDescriptor()),
            Map.entry("policy/v1", V1Policy.getDescriptor()),
            Map.entry("rbac.authorization.k8s.io/v1", V1Rbac.getDescriptor()),
            Map.entry("scheduling.k8s.io/v1", V1Scheduling.getDescriptor()),
            Map.entry("storage.k8s.io/v1", V1Storage.getDescriptor()));

    /** Messages whose fields JSON shows in the object around them. */
    private static final Set<String> INLINE = Set.of(
            "localObjectReference", "volumeSource", "persistentVolumeSource", "handler", "ephemeralContainerCommon");

    /**
     * Fields that are pointers in Go, where zero, false and empty differ from absent. Of all others Go sends those values
     * for absent, so that they are left out here as JSON leaves them out.
     */
    private static final Set<String> POINTERS = Set.of(
            "activeDeadlineSeconds",
            "allocateLoadBalancerNodePorts",
            "allowPrivilegeEscalation",
            "automountServiceAccountToken",
            "backoffLimit",
            "blockOwnerDeletion",
            "completions",
            "controller",
            "defaultMode",
            "enableServiceLinks",
            "failedJobsHistoryLimit",
            "fsGroup",
            "gracePeriodSeconds",
            "hostUsers",
            "immutable",
            "manualSelector",
            "optional",
            "orphanDependents",
            "parallelism",
            "partition",
            "priority",
            "privileged",
            "progressDeadlineSeconds",
            "readOnlyRootFilesystem",
            "ready",
            "replicas",
            "revisionHistoryLimit",
            "runAsGroup",
            "runAsNonRoot",
            "runAsUser",
            "serving",
            "shareProcessNamespace",
            "storageClassName",
            "successfulJobsHistoryLimit",
            "suspend",
            "terminating",
            "terminationGracePeriodSeconds",
            "tolerationSeconds",
            "ttlSecondsAfterFinished");

    private Protobuf() {}

    /** The object in a body as JSON, with kind and apiVersion. Throws {@link ApiError} 400 when it is none. */
    static JsonNode read(byte[] body) {
        var bytes = ByteString.copyFrom(body);
        if (!bytes.startsWith(MAGIC)) {
            throw ApiError.badRequest(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        try {
            var envelope = DynamicMessage.parseFrom(ENVELOPE, bytes.substring(MAGIC.size()));
            var typeMeta = (Message) value(envelope, "typeMeta");
            var version = text(typeMeta, "apiVersion");
            var kind = text(typeMeta, "kind");
            var type = type(version, kind)
                    .orElseThrow(() -> ApiError.badRequest(
                            "no kind \"%s\" is registered for version \"%s\"".formatted(kind, version)));
            var object = Json.object().put("kind", kind).put("apiVersion", version);
            fields(object, DynamicMessage.parseFrom(type, (ByteString) value(envelope, "raw")));
            return object;
        } catch (InvalidProtocolBufferException malformed) {
            throw ApiError.badRequest("couldn't parse the body: " + malformed.getMessage());
        }
    }

    /** Options such as DeleteOptions are known in each group. */
    private static Optional<Descriptor> type(String version, String kind) {
        return Optional.ofNullable(FILES.get(version))
                .map(file -> file.findMessageTypeByName(kind))
                .or(() -> Optional.ofNullable(Meta.getDescriptor().findMessageTypeByName(kind)));
    }

    private static void fields(ObjectNode object, Message message) {
        message.getAllFields().forEach((field, value) -> {
            if (INLINE.contains(field.getName()) && value instanceof Message inner) {
                fields(object, inner);
            } else if (field.isMapField()) {
                entries(object.putObject(field.getName()), (List<?>) value);
            } else if (field.isRepeated()) {
                var array = object.putArray(field.getName());
                ((List<?>) value).forEach(element -> array.add(node(field, element)));
            } else if (POINTERS.contains(field.getName()) || !isZero(value)) {
                object.set(field.getName(), node(field, value));
            }
        });
    }

    private static void entries(ObjectNode object, List<?> entries) {
        for (var each : entries) {
            var entry = (Message) each;
            var type = entry.getDescriptorForType();
            var value = type.findFieldByName("value");
            object.set(String.valueOf(entry.getField(type.findFieldByName("key"))), node(value, entry.getField(value)));
        }
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case Boolean claim -> !claim;
            case Number number -> number.doubleValue() == 0;
            case ByteString bytes -> bytes.isEmpty();
            default -> false;
        };
    }

    private static JsonNode node(FieldDescriptor field, Object value) {
        var make = Json.MAPPER.getNodeFactory();
        return switch (value) {
            case String text -> make.textNode(text);
            case Boolean claim -> make.booleanNode(claim);
            case Integer number -> make.numberNode(number);
            case Long number -> make.numberNode(number);
            case Double number -> make.numberNode(number);
            case ByteString bytes -> make.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Message message -> node(message);
            default -> throw new IllegalStateException("%s is %s".formatted(field.getFullName(), value.getClass()));
        };
    }

    /** A message, among them those that JSON writes as one value. */
    private static JsonNode node(Message message) {
        var make = Json.MAPPER.getNodeFactory();
        return switch (message.getDescriptorForType().getName()) {
            case "IntOrString" ->
                number(message, "type") == 0
                        ? make.numberNode(number(message, "intVal"))
                        : make.textNode(text(message, "strVal"));
            case "Quantity" -> make.textNode(text(message, "string"));
            case "Time" -> time(message, ChronoUnit.SECONDS);
            case "MicroTime" -> time(message, ChronoUnit.MICROS);
            case "FieldsV1" -> raw(message, "Raw");
            case "RawExtension" -> raw(message, "raw");
            default -> {
                var object = Json.object();
                fields(object, message);
                yield object;
            }
        };
    }

    private static JsonNode time(Message message, ChronoUnit unit) {
        var seconds = number(message, "seconds");
        var make = Json.MAPPER.getNodeFactory();
        return seconds == 0
                ? make.nullNode()
                : make.textNode(Instant.ofEpochSecond(seconds, number(message, "nanos"))
                        .truncatedTo(unit)
                        .toString());
    }

    private static JsonNode raw(Message message, String field) {
        var bytes = (ByteString) value(message, field);
        try {
            return bytes.isEmpty() ? Json.object() : Json.MAPPER.readTree(bytes.toStringUtf8());
        } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
            throw ApiError.badRequest("couldn't parse %s: %s".formatted(field, malformed.getOriginalMessage()));
        }
    }

    private static long number(Message message, String field) {
        return ((Number) value(message, field)).longValue();
    }

    private static String text(Message message, String field) {
        return (String) value(message, field);
    }

    private static Object value(Message message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }
}
