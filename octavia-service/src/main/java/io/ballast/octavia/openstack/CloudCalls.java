package io.ballast.octavia.openstack;

import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestReply.Unanswered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.Calls;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The load balancers of a cloud: Octavia's, or, where the catalogue has no Octavia, those of LBaaS v2 in Neutron, found by its
 * extensions. Once LBaaS v2 is found, it stays until the end of the process.
 */
public final class CloudCalls implements Calls<OctaviaCall, OctaviaAnswer> {
    private static final String LBAAS_V2 = "lbaasv2";
    private static final String SHARED_POOLS = "shared_pools";

    private final Rest rest;
    private final OctaviaCalls octavia;
    private volatile boolean isOctaviaMissing;
    private volatile @Nullable LbaasCalls lbaas;

    public CloudCalls(Rest rest, InstantSource clock) {
        this.rest = rest;
        this.octavia = new OctaviaCalls(this::watched, clock);
    }

    @Override
    public OctaviaAnswer call(OctaviaCall call) {
        var legacy = lbaas;
        if (legacy != null) {
            return legacy.call(call);
        }
        isOctaviaMissing = false;
        var answer = octavia.call(call);
        return isOctaviaMissing ? withoutOctavia(call) : answer;
    }

    @Override
    public OctaviaAnswer failed(OctaviaCall call, RuntimeException cause) {
        return octavia.failed(call, cause);
    }

    private RestReply watched(RestRequest request) {
        var reply = rest.send(request);
        if (request.api() == Api.LOAD_BALANCER && reply instanceof Unanswered unanswered && !unanswered.isOffered()) {
            isOctaviaMissing = true;
        }
        return reply;
    }

    private OctaviaAnswer withoutOctavia(OctaviaCall call) {
        try {
            var extensions = extensions();
            if (!extensions.contains(LBAAS_V2) || !extensions.contains(SHARED_POOLS)) {
                return new OctaviaAnswer.Failed(new Failure(Failure.Kind.REFUSED, 0, refusal(extensions), null, null));
            }
            var found = new LbaasCalls(rest, extensions);
            lbaas = found;
            return found.call(call);
        } catch (FailedException e) {
            return new OctaviaAnswer.Failed(e.failure);
        }
    }

    private static String refusal(Set<String> extensions) {
        if (extensions.contains(LBAAS_V2)) {
            return "the cloud has no Octavia, and its LBaaS v2 has no extension shared_pools (Neutron of Mitaka, 2016, has it): it cannot be served";
        }
        return extensions.contains("lbaas")
                ? "the cloud has no Octavia, and its Neutron has LBaaS v1 (extension lbaas, /v2.0/lb), which is not served: LBaaS v2 or Octavia is needed"
                : "the catalogue has no load balancer service, and Neutron has no extension lbaasv2: there is nothing to make load balancers with";
    }

    private Set<String> extensions() throws FailedException {
        var aliases = new TreeSet<String>();
        for (var extension : new Pages(rest).all(RestRequest.get(Api.NETWORK, "/v2.0/extensions"), "extensions")) {
            aliases.add(Json.text(extension, "alias"));
        }
        return aliases;
    }
}
