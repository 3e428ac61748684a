package io.ballast.ipam.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamAnswer.Failed;
import io.ballast.ipam.allocation.IpamAnswer.Failed.Kind;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.openstack.NeutronClient.FailedException;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestRequest;
import io.ballast.runtime.shell.Calls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The addresses of a cloud. A floating IP is made with its identity in the same request and never associated here. */
public final class NeutronAddresses implements Calls<IpamCall, IpamAnswer> {
    private static final String FLOATING_IPS = "floatingips";

    private final NeutronClient neutron;

    public NeutronAddresses(Rest rest) {
        this.neutron = new NeutronClient(rest);
    }

    @Override
    public IpamAnswer call(IpamCall call) {
        try {
            return switch (call) {
                case IpamCall.ReadNeutron read -> new IpamAnswer.Read(new NeutronReading(neutron).read(read));
                case IpamCall.ListFloatingIps(var description) ->
                    new IpamAnswer.Found(list("description", description).stream()
                            .filter(found -> found.description().equals(description))
                            .toList());
                case IpamCall.FindFloatingIp(var address) ->
                    new IpamAnswer.Found(list("floating_ip_address", address.toString()).stream()
                            .filter(found -> found.address().equals(address))
                            .toList());
                case IpamCall.ReadFloatingIp(var id) -> read(id);
                case IpamCall.ListAllFloatingIps _ -> new IpamAnswer.Found(list(NeutronClient.get(FLOATING_IPS)));
                case IpamCall.CreateFloatingIp create -> create(create);
                case IpamCall.DescribeFloatingIp(var id, var description) -> describe(id, description);
                case IpamCall.DeleteFloatingIp(var id) -> delete(id);
            };
        } catch (FailedException e) {
            return e.failed();
        }
    }

    @Override
    public IpamAnswer failed(IpamCall call, RuntimeException cause) {
        boolean isMutating = call instanceof IpamCall.CreateFloatingIp
                || call instanceof IpamCall.DescribeFloatingIp
                || call instanceof IpamCall.DeleteFloatingIp;
        return new Failed(isMutating ? Kind.UNCERTAIN : Kind.UNAVAILABLE, String.valueOf(cause), null, null, null);
    }

    private List<FloatingIp> list(String filter, String value) {
        return list(NeutronClient.get(FLOATING_IPS).with(filter, value));
    }

    private List<FloatingIp> list(RestRequest request) {
        return neutron.list(FLOATING_IPS, request).stream()
                .map(NeutronReading::floatingIp)
                .toList();
    }

    /** Only Neutron's own word counts: a proxy, or a policy, answers 404 too. Source: neutron_lib, FloatingIPNotFound. */
    private IpamAnswer read(String id) {
        return new IpamAnswer.Found(neutron.find(NeutronClient.get(one(id)), "FloatingIPNotFound").stream()
                .map(body -> NeutronReading.floatingIp(body.path("floatingip")))
                .toList());
    }

    private static String one(String id) {
        return FLOATING_IPS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /** A subnet or network without room refuses and makes nothing, so that the next may be asked with the same identity. */
    private IpamAnswer create(IpamCall.CreateFloatingIp create) {
        @Nullable IpamAnswer answer = null;
        for (var spot : create.spots()) {
            answer = create(create, spot);
            if (!(answer instanceof Failed failed) || failed.kind() != Kind.EXHAUSTED) {
                break;
            }
        }
        return answer instanceof Failed failed && failed.kind() == Kind.EXHAUSTED
                ? withRoom(failed, create.spots())
                : Objects.requireNonNull(answer);
    }

    private IpamAnswer create(IpamCall.CreateFloatingIp create, IpamCall.Spot spot) {
        var wanted = JsonNodeFactory.instance.objectNode();
        var floatingIp = wanted.putObject("floatingip");
        floatingIp.put("floating_network_id", spot.networkId());
        floatingIp.put("description", create.description());
        @Nullable String subnet = spot.subnetId();
        if (subnet != null) {
            floatingIp.put("subnet_id", subnet);
        }
        @Nullable String project = create.projectId();
        if (project != null) {
            floatingIp.put("project_id", project);
        }
        try {
            var made = neutron.send(RestRequest.post(RestRequest.Api.NETWORK, "/v2.0/" + FLOATING_IPS, wanted));
            return new IpamAnswer.Created(
                    NeutronReading.floatingIp(made.body().path("floatingip")), made.status(), made.requestId());
        } catch (FailedException e) {
            return e.failed().kind() == Kind.QUOTA ? withNumbers(e.failed(), project) : e.failed();
        }
    }

    /** The refusal with how many addresses each subnet that was tried gives in all; without those that cannot be read. */
    private Failed withRoom(Failed refused, List<IpamCall.Spot> spots) {
        var subnetIds = spots.stream()
                .map(IpamCall.Spot::subnetId)
                .filter(Objects::nonNull)
                .toList();
        var tried = new ArrayList<String>();
        try {
            for (var id : subnetIds) {
                for (var subnet :
                        neutron.list("subnets", NeutronClient.get("subnets").with("id", id))) {
                    var room = NeutronReading.pools(subnet).stream()
                            .map(AddressRange::size)
                            .reduce(0L, Math::addExact);
                    tried.add("%s (%d addresses)".formatted(subnet.path("name").asText(id), room));
                }
            }
        } catch (FailedException _) {
            return refused;
        }
        if (tried.isEmpty()) {
            return refused;
        }
        return new Failed(
                refused.kind(),
                "%s All %d subnets are full: %s"
                        .formatted(refused.message(), subnetIds.size(), String.join(", ", tried)),
                refused.status(),
                refused.requestId(),
                refused.retryAfter());
    }

    private IpamAnswer describe(String id, String description) {
        var wanted = JsonNodeFactory.instance.objectNode();
        wanted.putObject("floatingip").put("description", description);
        var done = neutron.send(RestRequest.put(RestRequest.Api.NETWORK, "/v2.0/" + one(id), wanted));
        return new IpamAnswer.Created(
                NeutronReading.floatingIp(done.body().path("floatingip")), done.status(), done.requestId());
    }

    private IpamAnswer delete(String id) {
        try {
            var done = neutron.send(RestRequest.delete(RestRequest.Api.NETWORK, "/v2.0/" + one(id)));
            return new IpamAnswer.Deleted(done.status(), done.requestId());
        } catch (FailedException e) {
            Integer status = e.failed().status();
            return status != null && status == 404
                    ? new IpamAnswer.Deleted(status, e.failed().requestId())
                    : e.failed();
        }
    }

    /** The refusal with limit and use, where Neutron tells them; without when it does not. */
    private Failed withNumbers(Failed refused, @Nullable String named) {
        try {
            var project = named == null ? projectOfAny() : named;
            if (project.isEmpty()) {
                return refused;
            }
            JsonNode quota = neutron.send(NeutronClient.get(
                            "quotas/" + URLEncoder.encode(project, StandardCharsets.UTF_8) + "/details.json"))
                    .body()
                    .path("quota")
                    .path("floatingip");
            return quota.has("limit")
                    ? new Failed(
                            refused.kind(),
                            "%s The project uses %d of %d floating IPs."
                                    .formatted(
                                            refused.message(),
                                            quota.path("used").asLong(),
                                            quota.path("limit").asLong()),
                            refused.status(),
                            refused.requestId(),
                            refused.retryAfter())
                    : refused;
        } catch (FailedException _) {
            return refused;
        }
    }

    private String projectOfAny() throws FailedException {
        return neutron.send(NeutronClient.get(FLOATING_IPS).with("limit", "1"))
                .body()
                .path(FLOATING_IPS)
                .path(0)
                .path("project_id")
                .asText();
    }
}
