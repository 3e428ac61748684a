package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/reference/providers.md is made from the table of capabilities, and the table has no empty cell. */
class ProvidersPageTest {
    private static final Path PAGE = Path.of(System.getProperty("ballast.root", ".."), "docs/reference/providers.md");
    private static final List<ProviderCapabilities> PROVIDERS =
            List.of(ProviderCapabilities.AMPHORA, ProviderCapabilities.OVN, ProviderCapabilities.LBAAS_V2);

    @Test
    void everyCellIsFilledAndSaysHowWeKnow() {
        for (var provider : PROVIDERS) {
            assertThat(provider.cells()).as(provider.name()).containsOnlyKeys(Capability.values());
            assertThat(provider.cells().values())
                    .allSatisfy(cell -> assertThat(cell.source()).isNotBlank());
            assertThat(provider.algorithms()).as(provider.name()).isNotEmpty();
        }
    }

    @Test
    void thePageSaysWhatTheTableSays() throws IOException {
        if (Boolean.getBoolean("ballast.generate")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("run this test with -Dballast.generate=true")
                .isEqualTo(page());
    }

    private static String page() {
        var page = new StringBuilder("""
                # What providers can do

                <!-- Generated from ProviderCapabilities: run ProvidersPageTest with -Dballast.generate=true. -->

                What a Service asks for and its provider lacks is refused with `FEATURE_UNSUPPORTED` where it concerns security (source ranges,
                TLS, PROXY protocol, X-Forwarded-For, a whole protocol); otherwise the Service is served without it and its condition says so.
                A provider that is not named here, and the cloud's default, are taken to be like amphora.

                Behind each word stands how it is known. *Tried*: on Octavia 11.0.0 with ovn provider 3.0.0. *Feature matrix*: Octavia's
                documentation, feature classification. *Driver*: the source of the provider's driver. *Networking API*: attributes and
                constants of LBaaS 2.0 (neutron-lbaas), which can no longer be run; its provider is named `haproxy` or `lbaasv2`.
                A cloud that has it and no Octavia is served, see [Clouds without Octavia](../explanation/legacy.md).

                Where a later release of the ovn provider can do more, the table stays with 3.0.0: what it promises holds on both.

                """);
        page.append("| ability |");
        PROVIDERS.forEach(provider -> page.append(" %s |".formatted(provider.name())));
        page.append("\n| --- |").append(" --- |".repeat(PROVIDERS.size())).append('\n');
        for (var capability : Capability.values()) {
            page.append("| ").append(capability.words()).append(" |");
            PROVIDERS.forEach(provider -> page.append(cell(provider, capability)));
            page.append('\n');
        }
        return page.toString();
    }

    private static String cell(ProviderCapabilities provider, Capability capability) {
        var cell = provider.cells().get(capability);
        return cell == null ? " |" : " %s (%s) |".formatted(cell.able() ? "yes" : "**no**", cell.source());
    }
}
