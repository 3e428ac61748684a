package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.DEPLOYMENTS;
import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.deployment;
import static io.ballast.testbed.kubernetes.TestCluster.message;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiBasicsTest {
    private static final String CONFIGMAPS = "/api/v1/namespaces/default/configmaps";

    private final TestCluster cluster = TestCluster.ofDefaults();

    @Test
    void refusesADuplicateAndAStaleUpdate() {
        var created = cluster.created(SERVICES, service("a"));
        cluster.merge(SERVICES + "/a", "metadata: {labels: {x: y}}");

        assertThat(message(cluster.post(SERVICES, service("a")))).isEqualTo("409 services \"a\" already exists");
        assertThat(message(cluster.send(ModelRequest.put(SERVICES + "/a", created))))
                .isEqualTo("409 Operation cannot be fulfilled on services \"a\": the object has been modified; "
                        + "please apply your changes to the latest version and try again");
        assertThat(message(cluster.send(ModelRequest.get(DEPLOYMENTS + "/x"))))
                .isEqualTo("404 deployments.apps \"x\" not found");
    }

    @Test
    void writesNothingWhenNothingChanged() {
        var created = cluster.created(SERVICES, service("a"));
        var before = cluster.model.revision();

        var again = cluster.send(ModelRequest.put(SERVICES + "/a", created));

        assertThat(again.body()).isEqualTo(created);
        assertThat(cluster.model.revision()).isEqualTo(before);
    }

    @Test
    void countsGenerationsOfSpecsOnlyAndNoneForServices() {
        assertThat(Json.has(cluster.created(SERVICES, service("a")), "metadata", "generation"))
                .isFalse();
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        cluster.merge(DEPLOYMENTS + "/web", "metadata: {labels: {x: y}}");
        assertThat(Meta.generation(cluster.get(DEPLOYMENTS + "/web"))).isEqualTo(1);
        cluster.merge(DEPLOYMENTS + "/web", "spec: {replicas: 2}");
        assertThat(Meta.generation(cluster.get(DEPLOYMENTS + "/web"))).isEqualTo(2);
    }

    @Test
    void makesNamesFromAStem() {
        var generated = cluster.created(CONFIGMAPS, yaml("{metadata: {generateName: conf-}}"));
        assertThat(Meta.name(generated)).matches("conf-[a-z0-9]{5}");
    }

    @Test
    void changesNothingOnADryRun() {
        var before = cluster.model.revision();
        var dry = Map.of("dryRun", "All");

        var created = cluster.send(ModelRequest.post(SERVICES, service("a")).withQuery(dry));
        var deleted = cluster.send(ModelRequest.delete(SERVICES + "/kubernetes").withQuery(dry));
        var patched = cluster.send(
                ModelRequest.patch(SERVICES + "/kubernetes", TestCluster.MERGE, yaml("metadata: {labels: {x: y}}"))
                        .withQuery(dry));

        assertThat(created.status()).isEqualTo(201);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(Meta.label(patched.body(), "x")).isEqualTo("y");
        assertThat(cluster.model.revision()).isEqualTo(before);
        assertThat(cluster.created(SERVICES, service("b")).at("/spec/clusterIP"))
                .isEqualTo(created.body().at("/spec/clusterIP"));
    }

    @Test
    void waitsForTheLastFinalizer() {
        cluster.created(SERVICES, yaml("""
                {metadata: {name: a, finalizers: [ballast.io/load-balancer]}, spec: {ports: [{port: 80}]}}"""));

        var deleting = cluster.send(ModelRequest.delete(SERVICES + "/a"));
        var another =
                cluster.merge(SERVICES + "/a", "metadata: {finalizers: [ballast.io/load-balancer, ballast.io/two]}");
        var released = cluster.merge(SERVICES + "/a", "metadata: {finalizers: null}");

        assertThat(Meta.isDeleting(deleting.body())).isTrue();
        assertThat(message(another))
                .isEqualTo(
                        "422 Service \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object "
                                + "is being deleted, found new finalizers []string{\"ballast.io/two\"}");
        assertThat(released.status()).isEqualTo(200);
        assertThat(message(cluster.send(ModelRequest.get(SERVICES + "/a")))).isEqualTo("404 services \"a\" not found");
        assertThat(message(cluster.merge(SERVICES + "/kubernetes", "metadata: {finalizers: [mine]}")))
                .contains("name is neither a standard finalizer name nor is it fully qualified");
    }

    @Test
    void deletesOnlyWhatIsMeant() {
        cluster.created(SERVICES, service("a"));
        var request =
                new ModelRequest("DELETE", SERVICES + "/a", Map.of(), "", "", yaml("{preconditions: {uid: other}}"));

        assertThat(message(cluster.send(request))).contains("409", "Precondition failed: UID in precondition: other");
        var all = cluster.send(ModelRequest.delete(SERVICES).withQuery(Map.of("fieldSelector", "metadata.name=a")));
        assertThat(all.body().path("items")).hasSize(1);
        assertThat(cluster.items(SERVICES)).hasSize(1);
    }

    @Test
    void emptiesANamespaceBeforeItGoes() {
        cluster.created("/api/v1/namespaces", yaml("{metadata: {name: shop}}"));
        var services = "/api/v1/namespaces/shop/services";
        cluster.created(
                services, yaml("{metadata: {name: a, finalizers: [ballast.io/x]}, spec: {ports: [{port: 80}]}}"));

        cluster.send(ModelRequest.delete("/api/v1/namespaces/shop"));

        assertThat(Json.text(cluster.get("/api/v1/namespaces/shop"), "status", "phase"))
                .isEqualTo("Terminating");
        assertThat(Meta.isDeleting(cluster.get(services + "/a"))).isTrue();
        assertThat(message(cluster.post(services, service("b"))))
                .isEqualTo(
                        "403 services \"b\" is forbidden: unable to create new content in namespace shop because it is being terminated");
        cluster.merge(services + "/a", "metadata: {finalizers: null}");
        assertThat(cluster.send(ModelRequest.get("/api/v1/namespaces/shop")).status())
                .isEqualTo(404);
        assertThat(message(cluster.post(services, service("b")))).isEqualTo("404 namespaces \"shop\" not found");
    }

    @Test
    void pagesAtOneRevision() {
        for (var i = 0; i < 7; i++) {
            cluster.created(CONFIGMAPS, yaml("{metadata: {name: c%d}}".formatted(i)));
        }
        var first = cluster.query(CONFIGMAPS, Map.of("limit", "3")).body();
        cluster.send(ModelRequest.delete(CONFIGMAPS + "/c5"));
        cluster.created(CONFIGMAPS, yaml("{metadata: {name: c9}}"));

        var names = new ArrayList<String>();
        var page = first;
        while (true) {
            Json.objects(page.path("items")).forEach(item -> names.add(Meta.name(item)));
            var next = Json.text(page, "metadata", "continue");
            if (next.isEmpty()) {
                break;
            }
            page = cluster.query(CONFIGMAPS, Map.of("limit", "3", "continue", next))
                    .body();
            assertThat(page.at("/metadata/resourceVersion")).isEqualTo(first.at("/metadata/resourceVersion"));
        }
        assertThat(names).containsExactly("c0", "c1", "c2", "c3", "c4", "c5", "c6", "kube-root-ca.crt");
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(5);

        cluster.model.compact(cluster.model.revision());
        var late = cluster.query(CONFIGMAPS, Map.of("continue", Json.text(first, "metadata", "continue")));
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.body().path("reason").asText()).isEqualTo("Expired");
    }

    @Test
    void selectsByLabelsAndFields() {
        cluster.created(SERVICES, yaml("{metadata: {name: a, labels: {app: web}}, spec: {ports: [{port: 80}]}}"));

        assertThat(cluster.query(SERVICES, Map.of("labelSelector", "app in (web,db),!old"))
                        .body()
                        .path("items"))
                .hasSize(1);
        assertThat(cluster.query(SERVICES, Map.of("labelSelector", "app!=web"))
                        .body()
                        .path("items"))
                .hasSize(1);
        assertThat(cluster.query(SERVICES, Map.of("fieldSelector", "spec.type=LoadBalancer"))
                        .body()
                        .path("items"))
                .isEmpty();
        assertThat(message(cluster.query(SERVICES, Map.of("fieldSelector", "spec.color=red"))))
                .isEqualTo(
                        "400 Unable to find \"/v1, Resource=services\" that match label selector \"\", field selector "
                                + "\"spec.color=red\": field label \"spec.color\" not supported for Service");
    }

    @Test
    void answersWhatItDoesNotKnowAsTheRealOne() {
        assertThat(message(cluster.send(ModelRequest.get("/apis/nothing/v1/things"))))
                .isEqualTo("404 the server could not find the requested resource");
        assertThat(message(cluster.post(SERVICES, yaml("{kind: Pod, apiVersion: v1, metadata: {name: a}}"))))
                .startsWith("400 ");
        assertThat(message(cluster.send(ModelRequest.patch(SERVICES + "/kubernetes", "text/plain", yaml("{}")))))
                .startsWith("415 ");
    }

    @Test
    void keepsItsIdentityForItsSeed() {
        var uid = Meta.uid(cluster.get("/api/v1/namespaces/kube-system"));
        assertThat(Meta.uid(TestCluster.ofDefaults().get("/api/v1/namespaces/kube-system")))
                .isEqualTo(uid);
        var other = new TestCluster(KubernetesSettings.defaults().withSeed(2));
        assertThat(Meta.uid(other.get("/api/v1/namespaces/kube-system"))).isNotEqualTo(uid);
    }

    @Test
    void servesCustomResourcesOnceTheyAreDefined() {
        cluster.created("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", yaml("""
                metadata: {name: widgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: widgets, kind: Widget}
                  versions: [{name: v1, served: true, storage: true, subresources: {status: {}}}]
                """));
        var widgets = "/apis/example.com/v1/namespaces/default/widgets";
        var created = cluster.created(
                widgets, yaml("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: 1}}"));

        assertThat(Meta.generation(created)).isEqualTo(1);
        assertThat(cluster.get("/apis/example.com/v1").path("resources")).hasSize(2);
        cluster.merge(widgets + "/w/status", "status: {ok: true}");
        assertThat(cluster.get(widgets + "/w").at("/status/ok").asBoolean()).isTrue();
        var protobuf = new ModelRequest("POST", widgets, Map.of(), Protobuf.MEDIA_TYPE, "", yaml("{}"));
        assertThat(cluster.send(protobuf).status())
                .as("custom resources are JSON only")
                .isEqualTo(415);
    }
}
