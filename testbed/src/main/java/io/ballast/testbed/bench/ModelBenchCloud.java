package io.ballast.testbed.bench;

import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The OpenStack model in this process, behind HTTP. */
final class ModelBenchCloud implements BenchCloud {
    private final OpenStackServer server;
    private final Path file;

    ModelBenchCloud(Timing timing, Path folder) throws IOException {
        this.server = OpenStackServer.start(OpenStackModel.Settings.of(timing), 0, InstantSource.system());
        this.file = folder.resolve("clouds.yaml");
        Files.writeString(file, server.cloudsYaml());
    }

    @Override
    public String configuration() {
        return "openstack: {cloud: k8s, clouds-file: \"%s\"}".formatted(file);
    }

    @Override
    public String serviceSubnet() {
        return server.withModel(model -> model.seeded().serviceSubnetId());
    }

    @Override
    public Map<String, Long> calls(Gauges gauges) {
        return calls();
    }

    Map<String, Long> calls() {
        var counts = new TreeMap<String, Long>();
        server.withModel(model -> model.calls().since(0)).stream()
                .filter(call -> call.service() != OpenStackService.KEYSTONE)
                .forEach(call -> counts.merge(kind(call), 1L, Long::sum));
        return counts;
    }

    /** The next change of a load balancer never ends. */
    void stickNext() {
        server.withModel(model -> {
            model.setFaults(
                    model.faults().with("nextChangesStuck", 1),
                    InstantSource.system().instant());
            return model.faults();
        });
    }

    void awaitStuck() throws InterruptedException {
        while (server.withModel(model -> model.faults().nextChangesStuck()) > 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static String kind(Call call) {
        var path = call.path().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "{id}").replaceFirst("^/v2\\.0(/lbaas)?", "");
        return "%s %s%s".formatted(call.method(), path, call.status() < 400 ? "" : " " + call.status());
    }
}
