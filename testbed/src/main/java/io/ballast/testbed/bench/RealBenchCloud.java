package io.ballast.testbed.bench;

import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.GivenCloud;
import java.util.Map;

/** A cloud that runs already, with the networks of the default layout. */
final class RealBenchCloud implements BenchCloud {
    private final GivenCloud cloud;
    private final Rest rest;

    RealBenchCloud(GivenCloud cloud) {
        this.cloud = cloud;
        this.rest = cloud.open();
    }

    Rest rest() {
        return rest;
    }

    @Override
    public String configuration() {
        return "openstack: {cloud: %s}".formatted(cloud.name());
    }

    @Override
    public String serviceSubnet() {
        var layout = Layout.DEFAULT.network(cloud.networks());
        var name = LayoutResources.serviceSubnet(layout, Layout.DEFAULT.family());
        var found = rest.send(RestRequest.get(Api.NETWORK, "/v2.0/subnets").with("name", name));
        if (found instanceof RestReply.Answered answered
                && answered.body().path("subnets").size() == 1) {
            return answered.body().at("/subnets/0/id").asText();
        }
        throw new IllegalStateException("no subnet " + name + " in cloud " + cloud.name() + ": " + found);
    }

    /** The project may serve others besides: what the service counts. */
    @Override
    public Map<String, Long> calls(Gauges gauges) {
        return gauges.calls();
    }

    @Override
    public void close() {}
}
