package io.ballast.octavia.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final String CLUSTER = "6f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9";
    private static final String SERVICE = "ffffffff-ffff-4fff-bfff-ffffffffffff";

    @Test
    void isReadFromItsDescription() {
        var identity = new Identity(CLUSTER, SERVICE, "demo/shop/web");

        assertThat(Identity.readDescription(identity.description())).contains(identity);
        assertThat(Identity.readDescription(identity.description() + ",team-a,x:y"))
                .contains(identity);
    }

    @Test
    void isReadFromItsDescriptionWhateverTheUidLooksLike() {
        var identity = new Identity("cluster-1", "6F1E2D3C-4B5A-4978-8695-A4B3C2D1E0F9", "demo/shop/web");

        assertThat(Identity.readDescription(identity.description())).contains(identity);
    }

    @Test
    void fitsIntoADescriptionWithTheLongestNamesThereAre() {
        var longest = "n".repeat(63);

        assertThat(new Identity(CLUSTER, SERVICE, "%s/%s/%s".formatted(longest, longest, longest))
                        .description()
                        .length())
                .isLessThanOrEqualTo(255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "by hand",
                "ballast:cluster:service",
                "ballast:too-short:too-short:demo/shop/web",
                "ballast:cluster-uid:service-uid:12:",
                "ballast2:=a:=b:demo/shop/web"
            })
    void isNotReadFromWhatOthersWrote(String description) {
        assertThat(Identity.readDescription(description)).isEmpty();
    }
}
