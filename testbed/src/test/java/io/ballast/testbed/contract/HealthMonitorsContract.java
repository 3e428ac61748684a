package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Health monitors: one per pool, and what each provider can probe. */
class HealthMonitorsContract extends Facts {

    @ParameterizedTest
    @CsvSource({
        "AMPHORA,TCP,TCP,201", "AMPHORA,TCP,HTTP,201", "AMPHORA,UDP,UDP-CONNECT,201", "AMPHORA,TCP,UDP-CONNECT,400",
        "OVN,TCP,TCP,201", "OVN,UDP,UDP-CONNECT,201", "OVN,TCP,HTTP,501", "OVN,TCP,PING,501"
    })
    void ovnProbesConnectionsOnlyAndAmphoraAlsoHttp(Provider provider, String protocol, String type, int status) {
        var reply = monitor(pool(provider, protocol), type, "");
        cloud.settle();

        assertThat(reply.status()).as(reply.errorText()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aSecondOneOfAPoolIsRefusedWith409(Provider provider) {
        // Given
        var pool = pool(provider, "TCP");
        Cloud.created(monitor(pool, "TCP", ""), "healthmonitor");
        cloud.settle();
        // When
        var reply = monitor(pool, "TCP", "");
        // Then
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.errorText()).contains("already has a health monitor");
    }

    @Test
    void aTimeoutLongerThanTheDelayIsTaken() {
        var reply = monitor(pool(Provider.AMPHORA, "TCP"), "TCP", ", 'timeout': 6");
        cloud.settle();

        assertThat(reply.json().at("/healthmonitor/timeout").asInt()).isEqualTo(6);
    }

    @Test
    void ofHttpItProbesTheRootByGetForA200UnlessToldOtherwise() {
        // When
        var monitor = monitor(pool(Provider.AMPHORA, "TCP"), "HTTP", "").json().path("healthmonitor");
        cloud.settle();
        // Then
        assertThat(monitor.path("http_method").asText()).isEqualTo("GET");
        assertThat(monitor.path("url_path").asText()).isEqualTo("/");
        assertThat(monitor.path("expected_codes").asText()).isEqualTo("200");
        assertThat(monitor.path("max_retries_down").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"11", "0"})
    void retriesAre1To10(int retries) {
        var reply = monitor(pool(Provider.AMPHORA, "TCP"), "TCP", ", 'max_retries': " + retries);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("max_retries");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aPoolShowsItsMonitorAndTheMonitorItsPool(Provider provider) {
        // Given
        var pool = pool(provider, "TCP");
        // When
        var reply = monitor(pool, "TCP", "");
        cloud.settle();
        // Then
        assertThat(cloud.octavia("GET", "pools/" + pool)
                        .json()
                        .at("/pool/healthmonitor_id")
                        .asText())
                .isEqualTo(Cloud.created(reply, "healthmonitor"));
        assertThat(reply.json().at("/healthmonitor/pools/0/id").asText()).isEqualTo(pool);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void itGoesWithoutItsPoolWhichThenHasNoFieldForIt(Provider provider) {
        // Given
        var pool = pool(provider, "TCP");
        var monitor = Cloud.created(monitor(pool, "TCP", ""), "healthmonitor");
        cloud.settle();
        // When
        var reply = cloud.octavia("DELETE", "healthmonitors/" + monitor);
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(cloud.octavia("GET", "pools/" + pool).json().path("pool").has("healthmonitor_id"))
                .isFalse();
    }

    private String pool(Provider provider, String protocol) {
        var pool = Cloud.created(
                cloud.createPool(loadBalancer(provider), protocol, Cloud.algorithm(provider), ""), "pool");
        cloud.settle();
        return pool;
    }

    /** {@code more} stands in the place of the timeout or the retries. */
    private ModelReply monitor(String pool, String type, String more) {
        return cloud.octavia(
                "POST",
                "healthmonitors",
                "{'healthmonitor': {'pool_id': '%s', 'type': '%s', 'delay': 5%s%s%s}}"
                        .formatted(
                                pool,
                                type,
                                more.contains("timeout") ? "" : ", 'timeout': 3",
                                more.contains("max_retries") ? "" : ", 'max_retries': 3",
                                more));
    }
}
