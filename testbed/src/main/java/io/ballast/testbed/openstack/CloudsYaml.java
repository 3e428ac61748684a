package io.ballast.testbed.openstack;

/**
 * A {@code clouds.yaml} for the seeded users: {@code k8s} by password, {@code k8s-appcred} by application credential, and
 * {@code admin}, {@code nolb} (Octavia answers 403) and {@code observer} (may look, may not touch).
 */
final class CloudsYaml {
    private CloudsYaml() {}

    static String text(Endpoints endpoints, SeededLayout seeded) {
        var text = new StringBuilder("clouds:\n");
        for (var user : new String[] {"k8s", "admin", "nolb", "observer"}) {
            text.append(password(user, user.equals("admin") ? "admin" : "k8s", endpoints));
        }
        return text.append(credential(endpoints, seeded)).toString();
    }

    private static String password(String user, String project, Endpoints endpoints) {
        return """
                  %s:
                    auth:
                      auth_url: %s/v3
                      username: %s
                      password: %s
                      project_name: %s
                      user_domain_name: Default
                      project_domain_name: Default
                    region_name: RegionOne
                    identity_api_version: 3
                    interface: public
                """.formatted(user, endpoints.keystone(), user, Layouts.PASSWORD, project)
                .indent(2);
    }

    private static String credential(Endpoints endpoints, SeededLayout seeded) {
        return """
                  k8s-appcred:
                    auth_type: v3applicationcredential
                    auth:
                      auth_url: %s/v3
                      application_credential_id: %s
                      application_credential_secret: %s
                    region_name: RegionOne
                    identity_api_version: 3
                    interface: public
                """.formatted(endpoints.keystone(), seeded.credentialId(), seeded.credentialSecret())
                .indent(2);
    }
}
