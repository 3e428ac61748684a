package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.ServiceKey;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String LONGEST = "a".repeat(63);
    private static final ServiceKey KEY = new ServiceKey("demo", LONGEST, LONGEST);

    @Test
    void theLongestServiceFits() {
        assertThat(Names.child(KEY, ListenerProtocol.SCTP, 65_535))
                .hasSizeLessThanOrEqualTo(Names.LENGTH_MAX)
                .endsWith(":SCTP:65535");
        assertThat(Names.loadBalancer(KEY, IpFamily.IPV6)).endsWith(":ipv6");
    }

    @Test
    void aMemberNameThatIsTooLongKeepsItsBeginningAndIsStillUnlikeOthers() {
        var one = Names.member(KEY, new EndpointTarget("Pod", LONGEST, "p".repeat(253), ""), 8080);
        var other = Names.member(KEY, new EndpointTarget("Pod", LONGEST, "p".repeat(253), ""), 8081);

        assertThat(one).hasSize(Names.LENGTH_MAX).startsWith(LONGEST + "/ppp").isNotEqualTo(other);
    }

    @Test
    void hostileNamesBecomePlain() {
        var target = new EndpointTarget("Pod", "shop", "a\nb\u202e c💥", "");

        assertThat(Names.member(KEY, target, 80)).matches("[\\x21-\\x7e]+").startsWith("shop/a_b_");
    }
}
