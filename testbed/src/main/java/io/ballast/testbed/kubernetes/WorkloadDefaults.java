package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults and the few rules of what runs pods. */
final class WorkloadDefaults {
    private WorkloadDefaults() {}

    static void fill(ResourceType type, ObjectNode workload) {
        var spec = Json.child(workload, "spec");
        var isJob = type.kind().equals("Job");
        podSpec(Json.child(spec, "template", "spec"), "Always");
        switch (type.kind()) {
            case "Deployment" -> {
                Json.putDefault(spec, "replicas", 1);
                Json.putDefault(spec, "revisionHistoryLimit", 10);
                Json.putDefault(spec, "progressDeadlineSeconds", 600);
                rollingUpdate(Json.child(spec, "strategy"), "25%", "25%");
            }
            case "ReplicaSet" -> Json.putDefault(spec, "replicas", 1);
            case "StatefulSet" -> {
                Json.putDefault(spec, "replicas", 1);
                Json.putDefault(spec, "revisionHistoryLimit", 10);
                Json.putDefault(spec, "podManagementPolicy", "OrderedReady");
                Json.putDefault(Json.child(spec, "updateStrategy"), "type", "RollingUpdate");
            }
            case "DaemonSet" -> {
                Json.putDefault(spec, "revisionHistoryLimit", 10);
                rollingUpdate(Json.child(spec, "updateStrategy"), "0", "1");
            }
            default -> {
                if (isJob) {
                    Json.putDefault(spec, "completions", 1);
                    Json.putDefault(spec, "parallelism", 1);
                    Json.putDefault(spec, "backoffLimit", 6);
                }
            }
        }
    }

    private static void rollingUpdate(ObjectNode strategy, String surge, String unavailable) {
        Json.putDefault(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            var rolling = Json.child(strategy, "rollingUpdate");
            putIntOrText(rolling, "maxSurge", surge);
            putIntOrText(rolling, "maxUnavailable", unavailable);
        } else {
            strategy.remove("rollingUpdate");
        }
    }

    private static void putIntOrText(ObjectNode node, String field, String value) {
        if (value.endsWith("%")) {
            Json.putDefault(node, field, value);
        } else {
            Json.putDefault(node, field, Integer.parseInt(value));
        }
    }

    static void podSpec(ObjectNode spec, String restartPolicy) {
        Json.putDefault(spec, "restartPolicy", restartPolicy);
        Json.putDefault(spec, "terminationGracePeriodSeconds", 30);
        Json.putDefault(spec, "dnsPolicy", "ClusterFirst");
        Json.putDefault(spec, "schedulerName", "default-scheduler");
        Json.child(spec, "securityContext");
        for (var list : new String[] {"containers", "initContainers"}) {
            for (var container : Json.objects(spec.path(list))) {
                var image = Json.text(container, "image");
                Json.putDefault(
                        container,
                        "imagePullPolicy",
                        image.endsWith(":latest") || !image.contains(":") ? "Always" : "IfNotPresent");
                Json.putDefault(container, "terminationMessagePath", "/dev/termination-log");
                Json.putDefault(container, "terminationMessagePolicy", "File");
                Json.child(container, "resources");
                for (var probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
                    if (container.get(probe) instanceof ObjectNode settings) {
                        Json.putDefault(settings, "timeoutSeconds", 1);
                        Json.putDefault(settings, "periodSeconds", 10);
                        Json.putDefault(settings, "successThreshold", 1);
                        Json.putDefault(settings, "failureThreshold", 3);
                    }
                }
                for (var port : Json.objects(container.path("ports"))) {
                    Json.putDefault(port, "protocol", "TCP");
                    if (spec.path("hostNetwork").asBoolean() && !Json.has(port, "hostPort")) {
                        port.set("hostPort", port.path("containerPort"));
                    }
                }
            }
        }
    }

    static void validate(ResourceType type, ObjectNode workload, FieldErrors errors) {
        var spec = workload.path("spec");
        var replicas = spec.path("replicas");
        if (replicas.isInt() && replicas.asInt() < 0) {
            errors.invalid("spec.replicas", replicas.asInt(), "must be greater than or equal to 0");
        }
        if (Json.objects(Json.at(spec, "template", "spec", "containers")).isEmpty()) {
            errors.required("spec.template.spec.containers", "");
        }
        if (type.kind().equals("Job")) {
            return;
        }
        var selector = spec.path("selector");
        var labels = Json.at(spec, "template", "metadata", "labels");
        if (selector.isEmpty()) {
            errors.required("spec.selector", "");
        } else if (!LabelSelector.structured(selector).matches(Json.textMap(labels))) {
            errors.invalid(
                    "spec.template.metadata.labels",
                    new FieldErrors.Literal("map[string]string" + labels),
                    "`selector` does not match template `labels`");
        }
    }
}
