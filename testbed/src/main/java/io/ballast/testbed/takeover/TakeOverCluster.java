package io.ballast.testbed.takeover;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.testbed.takeover.Found.KuryrRecord;
import io.ballast.testbed.takeover.Found.TheirService;
import io.ballast.testbed.takeover.Verdict.ObjectChange;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cluster of a take-over. Every method throws {@link KubernetesClientException} when the API refuses or is away. */
public final class TakeOverCluster {
    private static final ResourceDefinitionContext KURYR_LOAD_BALANCERS = new ResourceDefinitionContext.Builder()
            .withGroup("openstack.org")
            .withVersion("v1")
            .withKind("KuryrLoadBalancer")
            .withPlural("kuryrloadbalancers")
            .withNamespaced(true)
            .build();
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final String cluster;

    /** @param cluster our name of the cluster */
    public TakeOverCluster(KubernetesClient client, String cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    /** UID of the namespace kube-system, which is the cluster's. */
    public String uid() {
        var namespace = client.namespaces().withName("kube-system").get();
        if (namespace == null) {
            throw new IllegalStateException("there is no namespace kube-system, whose UID is the cluster's");
        }
        return namespace.getMetadata().getUid();
    }

    public List<TheirService> services() {
        return client.services().inAnyNamespace().list().getItems().stream()
                .map(this::service)
                .toList();
    }

    private TheirService service(Service service) {
        var metadata = service.getMetadata();
        var spec = service.getSpec();
        var status = service.getStatus();
        var ingress = status == null || status.getLoadBalancer() == null
                ? List.<LoadBalancerIngress>of()
                : status.getLoadBalancer().getIngress();
        return new TheirService(
                new ServiceKey(cluster, metadata.getNamespace(), metadata.getName()),
                metadata.getUid(),
                metadata.getResourceVersion(),
                text(spec.getType()),
                text(spec.getClusterIP()),
                text(spec.getLoadBalancerIP()),
                text(spec.getLoadBalancerClass()),
                ingress.stream()
                        .map(each -> each.getIp() == null ? text(each.getHostname()) : each.getIp())
                        .toList(),
                metadata.getFinalizers(),
                metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations(),
                metadata.getDeletionTimestamp() != null);
    }

    /** What kuryr remembers; nothing where its kind of object is not defined. */
    public List<KuryrRecord> records() {
        try {
            return client.genericKubernetesResources(KURYR_LOAD_BALANCERS).inAnyNamespace().list().getItems().stream()
                    .map(TakeOverCluster::record)
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    private static KuryrRecord record(GenericKubernetesResource found) {
        var metadata = found.getMetadata();
        var address = "service_pub_ip_info";
        return new KuryrRecord(
                metadata.getNamespace(),
                metadata.getName(),
                metadata.getResourceVersion(),
                text(found.get("status", "loadbalancer", "id")),
                text(found.get("status", address, "alloc_method")).equals("user")
                        ? text(found.get("status", address, "ip_id"))
                        : "",
                metadata.getFinalizers(),
                metadata.getDeletionTimestamp() != null);
    }

    public Controllers controllers() {
        var workloads = new ArrayList<Controllers.Workload>();
        client.apps().deployments().inAnyNamespace().list().getItems().forEach(each -> {
            var status = Optional.ofNullable(each.getStatus());
            workloads.add(new Controllers.Workload(
                    "Deployment",
                    each.getMetadata().getNamespace(),
                    each.getMetadata().getName(),
                    status.map(known -> known.getReadyReplicas()).orElse(0)));
        });
        client.apps().daemonSets().inAnyNamespace().list().getItems().forEach(each -> {
            var status = Optional.ofNullable(each.getStatus());
            workloads.add(new Controllers.Workload(
                    "DaemonSet",
                    each.getMetadata().getNamespace(),
                    each.getMetadata().getName(),
                    status.map(known -> known.getNumberReady()).orElse(0)));
        });
        return new Controllers(workloads, pods(), leases());
    }

    private List<Controllers.RunningPod> pods() {
        return client.pods().inAnyNamespace().list().getItems().stream()
                .filter(pod -> pod.getStatus() == null
                        || !List.of("Succeeded", "Failed")
                                .contains(text(pod.getStatus().getPhase())))
                .map(pod -> new Controllers.RunningPod(
                        pod.getMetadata().getNamespace(), pod.getMetadata().getName(), words(pod)))
                .toList();
    }

    private static List<String> words(Pod pod) {
        var labels = pod.getMetadata().getLabels();
        return Stream.concat(
                        labels == null ? Stream.of() : labels.values().stream(),
                        pod.getSpec().getContainers().stream().flatMap(TakeOverCluster::words))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Stream<String> words(Container container) {
        return Stream.of(text(container.getName()), text(container.getImage()));
    }

    private List<Controllers.Lease> leases() {
        return client.leases().inAnyNamespace().list().getItems().stream()
                .filter(each -> each.getSpec() != null && each.getSpec().getRenewTime() != null)
                .map(each -> new Controllers.Lease(
                        each.getMetadata().getNamespace(),
                        each.getMetadata().getName(),
                        text(each.getSpec().getHolderIdentity()),
                        each.getSpec().getRenewTime().toInstant(),
                        Duration.ofSeconds(Optional.ofNullable(each.getSpec().getLeaseDurationSeconds())
                                .orElse(15))))
                .toList();
    }

    public void changeService(ObjectChange change) {
        client.services()
                .inNamespace(change.namespace())
                .withName(change.name())
                .patch(MERGE, body(change));
    }

    public void changeRecord(ObjectChange change) {
        client.genericKubernetesResources(KURYR_LOAD_BALANCERS)
                .inNamespace(change.namespace())
                .withName(change.name())
                .patch(MERGE, body(change));
    }

    /** A merge patch that is refused with 409 when the object has changed since it was read. */
    private static String body(ObjectChange change) {
        var metadata = JsonNodeFactory.instance.objectNode().put("resourceVersion", change.resourceVersion());
        var finalizers = metadata.putArray("finalizers");
        change.finalizers().forEach(finalizers::add);
        if (!change.annotations().isEmpty()) {
            var annotations = metadata.putObject("annotations");
            change.annotations().forEach(annotations::putNull);
        }
        var body = JsonNodeFactory.instance.objectNode();
        body.set("metadata", metadata);
        return body.toString();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
