package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every resource this cluster serves: the built-in ones, and those that CustomResourceDefinitions add. */
final class ResourceCatalog {
    /** group, version, plural, kind, Namespaced or Cluster, short names, subresources, categories; {@code -} is none. */
    private static final String BUILT_IN = """
            - v1 configmaps ConfigMap N cm - -
            - v1 endpoints Endpoints N ep - -
            - v1 events Event N ev - -
            - v1 limitranges LimitRange N limits - -
            - v1 namespaces Namespace C ns status,finalize -
            - v1 nodes Node C no status -
            - v1 persistentvolumeclaims PersistentVolumeClaim N pvc status -
            - v1 persistentvolumes PersistentVolume C pv status -
            - v1 pods Pod N po status all
            - v1 podtemplates PodTemplate N - - -
            - v1 replicationcontrollers ReplicationController N rc status,scale all
            - v1 resourcequotas ResourceQuota N quota status -
            - v1 secrets Secret N - - -
            - v1 serviceaccounts ServiceAccount N sa - -
            - v1 services Service N svc status all
            admissionregistration.k8s.io v1 mutatingwebhookconfigurations MutatingWebhookConfiguration C - - api-extensions
            admissionregistration.k8s.io v1 validatingwebhookconfigurations ValidatingWebhookConfiguration C - - api-extensions
            admissionregistration.k8s.io v1 validatingadmissionpolicies ValidatingAdmissionPolicy C - status api-extensions
            admissionregistration.k8s.io v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding C - - api-extensions
            apiextensions.k8s.io v1 customresourcedefinitions CustomResourceDefinition C crd,crds status api-extensions
            apiregistration.k8s.io v1 apiservices APIService C - status api-extensions
            apps v1 controllerrevisions ControllerRevision N - - -
            apps v1 daemonsets DaemonSet N ds status all
            apps v1 deployments Deployment N deploy status,scale all
            apps v1 replicasets ReplicaSet N rs status,scale all
            apps v1 statefulsets StatefulSet N sts status,scale all
            autoscaling v2 horizontalpodautoscalers HorizontalPodAutoscaler N hpa status all
            batch v1 cronjobs CronJob N cj status all
            batch v1 jobs Job N - status all
            coordination.k8s.io v1 leases Lease N - - -
            discovery.k8s.io v1 endpointslices EndpointSlice N - - -
            events.k8s.io v1 events Event N ev - -
            networking.k8s.io v1 ingressclasses IngressClass C - - -
            networking.k8s.io v1 ingresses Ingress N ing status -
            networking.k8s.io v1 networkpolicies NetworkPolicy N netpol - -
            node.k8s.io v1 runtimeclasses RuntimeClass C - - -
            policy v1 poddisruptionbudgets PodDisruptionBudget N pdb status -
            rbac.authorization.k8s.io v1 clusterrolebindings ClusterRoleBinding C - - -
            rbac.authorization.k8s.io v1 clusterroles ClusterRole C - - -
            rbac.authorization.k8s.io v1 rolebindings RoleBinding N - - -
            rbac.authorization.k8s.io v1 roles Role N - - -
            scheduling.k8s.io v1 priorityclasses PriorityClass C pc - -
            storage.k8s.io v1 csidrivers CSIDriver C - - -
            storage.k8s.io v1 storageclasses StorageClass C sc - -
            """;

    private final Map<String, ResourceType> types = new LinkedHashMap<>();
    private final Map<String, List<ResourceType>> custom = new LinkedHashMap<>();

    ResourceCatalog() {
        BUILT_IN.lines().map(ResourceCatalog::parse).forEach(this::add);
    }

    private static ResourceType parse(String line) {
        var words = line.split(" ", -1);
        var group = words[0].equals("-") ? "" : words[0];
        var storageGroup = group.equals("events.k8s.io") ? "" : group; // one table of Events under two groups
        return new ResourceType(
                group,
                words[1],
                words[2],
                words[3],
                words[4].equals("N"),
                list(words[5]),
                list(words[6]),
                list(words[7]),
                storageGroup + "/" + words[2],
                false);
    }

    private static List<String> list(String word) {
        return word.equals("-") ? List.of() : List.of(word.split(",", -1));
    }

    private void add(ResourceType type) {
        types.put(id(type.group(), type.version(), type.plural()), type);
    }

    private static String id(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }

    Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(id(group, version, plural)));
    }

    /** A built-in type by the id of its table, such as {@code apps/deployments} or {@code /services}. */
    ResourceType storage(String storage) {
        return types.values().stream()
                .filter(type -> type.storage().equals(storage))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no resource is stored under " + storage));
    }

    Collection<ResourceType> all() {
        return List.copyOf(types.values());
    }

    /** Takes in a changed CustomResourceDefinition; an absent one ({@code null} node) removes its resources. */
    void define(String name, JsonNode definition) {
        for (var old : custom.getOrDefault(name, List.of())) {
            types.remove(id(old.group(), old.version(), old.plural()));
        }
        var served = new ArrayList<ResourceType>();
        for (var version : Json.objects(Json.at(definition, "spec", "versions"))) {
            if (version.path("served").asBoolean()) {
                served.add(customType(definition, version));
            }
        }
        served.forEach(this::add);
        custom.put(name, served);
    }

    private static ResourceType customType(JsonNode definition, JsonNode version) {
        var spec = definition.path("spec");
        var names = spec.path("names");
        var subresources = new ArrayList<String>();
        version.path("subresources").properties().forEach(entry -> subresources.add(entry.getKey()));
        var group = Json.text(spec, "group");
        return new ResourceType(
                group,
                Json.text(version, "name"),
                Json.text(names, "plural"),
                Json.text(names, "kind"),
                Json.text(spec, "scope").equals("Namespaced"),
                Json.texts(names.path("shortNames")),
                subresources,
                Json.texts(names.path("categories")),
                group + "/" + Json.text(names, "plural"),
                true);
    }

    /** How discovery names one object of this type. */
    static String singular(ResourceType type) {
        return type.kind().toLowerCase(Locale.ROOT);
    }
}
