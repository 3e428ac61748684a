package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** Facts about one part of a cloud, each a test. What they make is deleted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Facts {
    private static final int FIRST_PORT = 1000;

    final ContractCloud cloud = ContractCloud.get();
    private final Map<Provider, String> loadBalancers = new EnumMap<>(Provider.class);
    private int port = FIRST_PORT;

    @AfterEach
    void cleanUp() {
        cloud.cleanUp();
    }

    @AfterAll
    void finish() {
        cloud.finish();
    }

    /** A load balancer for all tests of the class: each leaves it ACTIVE, with whatever children. */
    String loadBalancer(Provider provider) {
        return loadBalancers.computeIfAbsent(provider, _ -> cloud.shared(() -> cloud.activeLoadBalancer(provider, "")));
    }

    /** A port that no listener of the class has. */
    int freePort() {
        return port++;
    }

    static void assertRefused(ModelReply reply, int status, String text) {
        assertThat(reply.errorText()).isEqualTo(text);
        assertThat(reply.status()).isEqualTo(status);
    }

    static void assertNeutron(ModelReply reply, int status, String type) {
        assertThat(reply.json().at("/NeutronError/type").asText()).isEqualTo(type);
        assertThat(reply.status()).isEqualTo(status);
    }
}
