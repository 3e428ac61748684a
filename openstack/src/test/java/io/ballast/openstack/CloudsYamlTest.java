package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class CloudsYamlTest {
    @TempDir
    Path directory;

    @Test
    void readsAPasswordFromSecureYamlBesideIt() throws IOException {
        // Given
        write("clouds.yaml", """
                clouds:
                  k8s:
                    auth: {auth_url: "https://keystone:5000", username: k8s, project_name: k8s, user_domain_name: Default, project_domain_id: default}
                    region_name: RegionOne
                    interface: internal
                    cacert: /etc/ca.pem
                """);
        write("secure.yaml", "clouds: {k8s: {auth: {password: hunter2}}}");

        // When
        var settings = find(Map.of()).orElseThrow();

        // Then
        assertThat(settings.authUrl()).isEqualTo(URI.create("https://keystone:5000/v3"));
        assertThat(settings.region()).isEqualTo("RegionOne");
        assertThat(settings.face()).isEqualTo(CloudSettings.Face.INTERNAL);
        assertThat(settings.cacert()).isEqualTo(Path.of("/etc/ca.pem"));
        assertThat(settings.credentials())
                .isEqualTo(new CloudCredentials.Password(
                        "k8s",
                        new Secret("hunter2"),
                        new CloudCredentials.Domain("Default", false),
                        "k8s",
                        new CloudCredentials.Domain("default", true)));
        assertThat(settings.toString()).doesNotContain("hunter2").contains("***");
    }

    @Test
    void readsWhatIsMergedFromAnotherCloud() throws IOException {
        // Given
        var file = write("clouds.yaml", """
                clouds:
                  admin: &base
                    auth: &auth {auth_url: http://k/v3, username: admin, password: secret, project_name: admin}
                    region_name: RegionOne
                  k8s:
                    <<: *base
                    auth: {<<: *auth, username: k8s, project_name: k8s}
                """);

        // When
        var settings = CloudsYaml.read(file, null, "k8s");

        // Then
        assertThat(settings.authUrl()).isEqualTo(URI.create("http://k/v3"));
        assertThat(settings.region()).isEqualTo("RegionOne");
        assertThat(settings.credentials())
                .isEqualTo(new CloudCredentials.Password(
                        "k8s",
                        new Secret("secret"),
                        new CloudCredentials.Domain("default", true),
                        "k8s",
                        new CloudCredentials.Domain("default", true)));
    }

    @Test
    void readsAnApplicationCredentialFromTheFileTheEnvironmentNames() throws IOException {
        // Given
        var file = write("elsewhere.yaml", """
                clouds:
                  a: {}
                  b:
                    auth_type: v3applicationcredential
                    auth: {auth_url: http://k/v3/, application_credential_id: id, application_credential_secret: s}
                    verify: false
                """);

        // When
        var settings = find(Map.of("OS_CLIENT_CONFIG_FILE", file.toString(), "OS_CLOUD", "b"))
                .orElseThrow();

        // Then
        assertThat(settings.credentials())
                .isEqualTo(new CloudCredentials.ApplicationCredential("id", null, null, null, new Secret("s")));
        assertThat(settings.verify()).isFalse();
        assertThat(settings.authUrl()).isEqualTo(URI.create("http://k/v3"));
    }

    @Test
    void refusesAnUnknownAuthTypeByName() throws IOException {
        // Given
        write("clouds.yaml", "clouds: {k: {auth_type: v3kerberos, auth: {auth_url: 'http://k'}}}");

        // Then
        assertThatThrownBy(() -> find(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'v3kerberos'")
                .hasMessageContaining("cloud 'k'");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        // Given
        write("clouds.yaml", "clouds: {k: {auth: {auth_url: 'http://k', username: u, project_name: p}}, l: {}}");

        // Then
        assertThatThrownBy(() -> find(Map.of("OS_CLOUD", "k"))).hasMessageContaining("auth.password is missing");
        assertThatThrownBy(() -> find(Map.of("OS_CLOUD", "m"))).hasMessageContaining("no cloud 'm', only [k, l]");
        assertThatThrownBy(() -> find(Map.of())).hasMessageContaining("has 2 clouds [k, l]: OS_CLOUD must name one");
    }

    private Optional<CloudSettings> find(Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.put("HOME", directory.resolve("nobody").toString());
        return CloudsYaml.find(all, directory);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
