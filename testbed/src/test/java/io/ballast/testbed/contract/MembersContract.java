package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Provider;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Members, one by one and as a batch. */
class MembersContract extends Facts {
    private static final int MANY = 50;

    private final Map<Provider, String> commonPools = new EnumMap<>(Provider.class);

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aBatchIsAnsweredWith202AndNoBody(Provider provider) {
        var reply = cloud.batch(pool(provider), cloud.member("10.1.0.10", 80));
        cloud.settle();

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aBatchKeepsTheMembersThatItNamesAndDropsTheOthers(Provider provider) {
        // Given
        var pool = poolOf(provider, "10.1.0.10", "10.1.0.11");
        var kept = member(pool, "10.1.0.11").path("id").asText();
        // When
        cloud.batch(pool, cloud.member("10.1.0.11", 8080), cloud.member("10.1.0.12", 8080));
        cloud.settle();
        // Then
        assertThat(addresses(pool)).containsExactlyInAnyOrder("10.1.0.11", "10.1.0.12");
        assertThat(member(pool, "10.1.0.11").path("id").asText()).isEqualTo(kept);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAdditiveBatchDropsNothing(Provider provider) {
        // Given
        var pool = poolOf(provider, "10.1.0.10");
        // When
        var reply = cloud.octavia(
                "PUT",
                "pools/" + pool + "/members?additive_only=true",
                "{'members': [" + cloud.member("10.1.0.11", 8080) + "]}");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(addresses(pool)).containsExactlyInAnyOrder("10.1.0.10", "10.1.0.11");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anEmptyBatchEmptiesThePool(Provider provider) {
        // Given
        var pool = poolOf(provider, "10.1.0.10");
        // When
        var reply = cloud.batch(pool);
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(addresses(pool)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aBatchOfNothingForAnEmptyPoolIsTaken(Provider provider) {
        var reply = cloud.batch(pool(provider));
        cloud.settle();

        assertThat(reply.status()).isEqualTo(202);
    }

    @Test
    void anIdenticalBatchLocksTheLoadBalancerAllTheSame() {
        // Given
        var pool = poolOf(Provider.AMPHORA, "10.1.0.10");
        cloud.prefer("workersStopped", true);
        // When
        var reply = cloud.batch(pool, cloud.member("10.1.0.10", 8080));
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(cloud.status("loadbalancers/" + loadBalancer(Provider.AMPHORA)))
                .isEqualTo("PENDING_UPDATE");
        cloud.prefer("workersStopped", false);
        cloud.settle();
    }

    @Test
    void aBatchOf50IsOneRequest() {
        // Given
        var pool = pool(Provider.AMPHORA);
        var members = IntStream.range(0, MANY)
                .mapToObj(i -> cloud.member("10.1.1." + (10 + i), 80))
                .toArray(String[]::new);
        // When
        var reply = cloud.batch(pool, members);
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(addresses(pool)).hasSize(MANY);
        assertThat(statuses(pool)).containsOnly("ACTIVE");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theSameAddressAndPortTwiceIsRefusedWith409(Provider provider) {
        // Given
        var pool = poolOf(provider, "10.1.0.10");
        // When, Then
        assertRefused(
                cloud.createMember(pool, "10.1.0.10"),
                409,
                "Another member on this pool is already using ip 10.1.0.10 on protocol_port 8080");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theSameAddressAndPortTwiceInABatchIsRefusedWith409(Provider provider) {
        var pool = pool(provider);

        assertRefused(
                cloud.batch(pool, cloud.member("10.1.0.10", 80), cloud.member("10.1.0.10", 80)),
                409,
                "Another member on this pool is already using ip 10.1.0.10 on protocol_port 80");
        assertThat(addresses(pool)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theSameAddressOnAnotherPortIsAnotherMember(Provider provider) {
        // Given
        var pool = pool(provider);
        // When
        cloud.batch(pool, cloud.member("10.1.0.10", 80), cloud.member("10.1.0.10", 81));
        cloud.settle();
        // Then
        assertThat(addresses(pool)).containsExactly("10.1.0.10", "10.1.0.10");
    }

    @Test
    void anAddressSpeltOtherwiseIsAnotherMember() {
        // Given
        var pool = pool(Provider.AMPHORA);
        cloud.batch(pool, "{'address': '2001:db8::1', 'protocol_port': 80}");
        cloud.settle();
        // When
        cloud.octavia(
                "POST", "pools/" + pool + "/members", "{'member': {'address': '2001:db8:0::1', 'protocol_port': 80}}");
        cloud.settle();
        // Then
        assertThat(addresses(pool)).containsExactlyInAnyOrder("2001:db8::1", "2001:db8:0::1");
    }

    @Test
    void anAddressInOtherLettersIsRefusedWith409AlsoInABatchThatReplacesTheFirst() {
        // Given
        var pool = pool(Provider.AMPHORA);
        cloud.batch(pool, "{'address': '2001:db8::1', 'protocol_port': 80}");
        cloud.settle();
        // When, Then
        assertRefused(
                cloud.batch(pool, "{'address': '2001:DB8::1', 'protocol_port': 80}"),
                409,
                "Another member on this pool is already using ip 2001:DB8::1 on protocol_port 80");
        assertThat(addresses(pool)).containsExactly("2001:db8::1");
    }

    @ParameterizedTest
    @CsvSource({"257,400", "-1,400", "256,201", "0,201"})
    void weightsAre0To256(int weight, int status) {
        var reply = cloud.octavia(
                "POST",
                "pools/" + commonPool(Provider.OVN) + "/members",
                "{'member': {'address': '10.2.0.9', 'protocol_port': %d, 'weight': %d}}".formatted(weight + 2, weight));

        assertThat(reply.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void inABatchWhatIsNotGivenGoesBackToItsDefault(Provider provider) {
        // Given
        var pool = pool(provider);
        var plain = cloud.member("10.1.0.10", 80);
        cloud.batch(pool, plain.replace("}", ", 'weight': 7, 'name': 'one', 'backup': true}"));
        cloud.settle();
        // When
        cloud.batch(pool, plain);
        cloud.settle();
        // Then
        var member = member(pool, "10.1.0.10");
        assertThat(member.path("weight").asInt()).isEqualTo(1);
        assertThat(member.path("backup").asBoolean()).isFalse();
        assertThat(member.path("name").asText()).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aPutMovesTheUpdatedTimesOfMemberPoolAndLoadBalancer(Provider provider) {
        // Given
        var pool = poolOf(provider, "10.1.0.10");
        var id = member(pool, "10.1.0.10").path("id").asText();
        var before = List.of(updated("pools/" + pool), updated("loadbalancers/" + loadBalancer(provider)));
        cloud.waiting().until(() -> !now().equals(before.get(0)) && !now().equals(before.get(1)));
        // When
        var reply = cloud.octavia("PUT", "pools/" + pool + "/members/" + id, "{'member': {'weight': 5}}");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(200);
        assertThat(updated("pools/" + pool + "/members/" + id)).isNotEqualTo("null");
        assertThat(updated("pools/" + pool)).isGreaterThan(before.get(0));
        assertThat(updated("loadbalancers/" + loadBalancer(provider))).isGreaterThan(before.get(1));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void withoutAMonitorAMembersHealthIsNotKnown(Provider provider) {
        var pool = poolOf(provider, "10.1.0.10");

        assertThat(member(pool, "10.1.0.10").path("operating_status").asText()).isEqualTo("NO_MONITOR");
    }

    @Test
    void aMemberOfAnotherPoolIsAnsweredWith404() {
        // Given
        var id = member(poolOf(Provider.AMPHORA, "10.1.0.10"), "10.1.0.10")
                .path("id")
                .asText();
        var other = commonPool(Provider.AMPHORA);
        // When, Then
        assertThat(cloud.octavia("GET", "pools/" + other + "/members/" + id).status())
                .isEqualTo(404);
    }

    @Test
    void aMemberInASubnetThatIsNotThereIsRefusedWith400() {
        var reply = cloud.octavia(
                "POST",
                "pools/" + commonPool(Provider.AMPHORA) + "/members",
                "{'member': {'address': '10.1.0.9', 'protocol_port': 80, 'subnet_id': '4b6d7a6e-0000-4000-8000-000000000000'}}");

        assertRefused(reply, 400, "Subnet 4b6d7a6e-0000-4000-8000-000000000000 not found.");
    }

    @Test
    void theMetadataAddressIsRefusedAsAMember() {
        var reply = cloud.octavia(
                "POST",
                "pools/" + commonPool(Provider.AMPHORA) + "/members",
                "{'member': {'address': '169.254.169.254', 'protocol_port': 80}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("169.254.169.254 is not a valid option for member address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'address': '10.1.0.9', 'protocol_port': 80} | 501 | 201",
                "{'address': '10.2.0.8', 'protocol_port': 80} | 201 | 201",
                "{'address': '10.1.0.5', 'protocol_port': 80, 'subnet_id': 'PODS'} | 201 | 201",
                "{'address': '10.1.0.8', 'protocol_port': 80, 'subnet_id': 'PODS', 'monitor_port': 81} | 501 | 201",
                "{'address': '10.1.0.7', 'protocol_port': 80, 'subnet_id': 'PODS', 'monitor_address': '10.1.0.8'} | 501 | 201",
                "{'address': 'fd10::9', 'protocol_port': 80, 'subnet_id': 'PODS'} | 501 | 201",
                "{'address': '10.1.0.6', 'protocol_port': 80, 'subnet_id': 'PODS', 'weight': 0, 'backup': true} | 201 | 201"
            })
    void ovnWantsASubnetTheSameFamilyAndNoMonitorOptionsAndAmphoraTakesAll(String member, int ovn, int amphora) {
        for (var provider : Provider.values()) {
            var reply = cloud.octavia(
                    "POST",
                    "pools/" + commonPool(provider) + "/members",
                    "{'member': " + member.replace("PODS", cloud.layout().podSubnetId()) + "}");
            cloud.settle();
            assertThat(reply.status())
                    .as(provider + " " + reply.errorText())
                    .isEqualTo(provider == Provider.OVN ? ovn : amphora);
        }
    }

    /** A pool that tests put further members into; each its own addresses. */
    private String commonPool(Provider provider) {
        return commonPools.computeIfAbsent(provider, this::pool);
    }

    /** A new empty pool of the class's load balancer. */
    private String pool(Provider provider) {
        return cloud.activePool(provider, loadBalancer(provider));
    }

    private String poolOf(Provider provider, String... addresses) {
        var pool = pool(provider);
        cloud.batch(
                pool,
                List.of(addresses).stream()
                        .map(each -> cloud.member(each, 8080))
                        .toArray(String[]::new));
        cloud.settle();
        return pool;
    }

    private JsonNode member(String pool, String address) {
        return ContractCloud.items(cloud.octavia("GET", "pools/" + pool + "/members")
                        .json()
                        .path("members"))
                .stream()
                .filter(each -> each.path("address").asText().equals(address))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no member " + address));
    }

    private List<String> addresses(String pool) {
        return cloud.octavia("GET", "pools/" + pool + "/members").json().findValuesAsText("address");
    }

    private List<String> statuses(String pool) {
        return cloud.octavia("GET", "pools/" + pool + "/members").json().findValuesAsText("provisioning_status");
    }

    private String updated(String target) {
        return cloud.octavia("GET", target).json().findPath("updated_at").asText();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
    }
}
