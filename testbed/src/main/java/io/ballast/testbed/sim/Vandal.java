package io.ballast.testbed.sim;

import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.GrantedExternal;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Somebody of the same project who deletes floating IPs that are not theirs. Remembers them: none may be granted in the end. */
final class Vandal {
    private static final String FLOATING_IPS = "/v2.0/floatingips";

    private final SimCloud cloud;
    private final Set<String> deleted = new HashSet<>();

    Vandal(SimCloud cloud) {
        this.cloud = cloud;
    }

    /** Those made for this key, if there are any. */
    void deleteFloatingIpOf(String key) {
        if (cloud.send(RestRequest.get(Api.NETWORK, FLOATING_IPS)) instanceof RestReply.Answered answered) {
            answered.body().path("floatingips").forEach(each -> {
                if (each.path("description").asText().endsWith(":" + key)) {
                    deleted.add(each.path("id").asText());
                    cloud.send(RestRequest.delete(
                            Api.NETWORK, FLOATING_IPS + "/" + each.path("id").asText()));
                }
            });
        }
    }

    /** What an allocation grants although it was deleted. */
    List<String> stillGranted(String key, AddressAllocation row) {
        return row.externals().stream()
                .map(GrantedExternal::floatingIpId)
                .filter(Objects::nonNull)
                .filter(deleted::contains)
                .map(id -> "%s is still granted floating IP %s, which somebody deleted".formatted(key, id))
                .toList();
    }
}
