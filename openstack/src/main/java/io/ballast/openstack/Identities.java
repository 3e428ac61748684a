package io.ballast.openstack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRootName;
import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.identity.v3.Authentication;
import org.openstack4j.openstack.common.Auth;
import org.openstack4j.openstack.identity.v3.domain.KeystoneAuth;

/** Our credentials as openstack4j sends them. */
final class Identities {
    private Identities() {}

    static KeystoneAuth of(CloudCredentials credentials) {
        return switch (credentials) {
            case CloudCredentials.Password password -> password(password);
            case CloudCredentials.ApplicationCredential application -> new ApplicationAuth(application);
        };
    }

    private static KeystoneAuth password(CloudCredentials.Password given) {
        var project = given.projectDomain() == null
                ? KeystoneAuth.AuthScope.project(Identifier.byId(given.project()))
                : KeystoneAuth.AuthScope.project(Identifier.byName(given.project()), identifier(given.projectDomain()));
        var userDomain = given.userDomain();
        return userDomain == null
                ? byUserId(given, project)
                : new KeystoneAuth(given.user(), given.password().reveal(), identifier(userDomain), project);
    }

    @SuppressWarnings("NullAway") // openstack4j takes a user without domain for an id
    private static KeystoneAuth byUserId(CloudCredentials.Password given, KeystoneAuth.AuthScope project) {
        return new KeystoneAuth(given.user(), given.password().reveal(), null, project);
    }

    private static Identifier identifier(CloudCredentials.Domain domain) {
        return domain.isId() ? Identifier.byId(domain.text()) : Identifier.byName(domain.text());
    }

    /** openstack4j knows no application credentials; Keystone takes its project from them, so that there is no scope. */
    @JsonRootName("auth")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private static final class ApplicationAuth extends KeystoneAuth {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient ApplicationIdentity ours;

        ApplicationAuth(CloudCredentials.ApplicationCredential given) {
            super(Auth.Type.CREDENTIALS);
            ours = new ApplicationIdentity(given);
        }

        @Override
        @JsonProperty("identity")
        public Authentication.Identity getIdentity() {
            return ours;
        }

        @Override
        public String getUsername() {
            return "";
        }

        @Override
        public String getPassword() {
            return "";
        }

        @Override
        public String getId() {
            return "";
        }

        @Override
        public String getName() {
            return "";
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private static final class ApplicationIdentity implements Authentication.Identity {
        private final CloudCredentials.ApplicationCredential given;

        ApplicationIdentity(CloudCredentials.ApplicationCredential given) {
            this.given = given;
        }

        @JsonProperty("application_credential")
        public Map<String, Object> credential() {
            var json = new LinkedHashMap<String, Object>();
            if (given.id() != null) {
                json.put("id", given.id());
            } else {
                json.put("name", String.valueOf(given.name()));
                json.put("user", user(String.valueOf(given.user()), given.userDomain()));
            }
            json.put("secret", given.secret().reveal());
            return json;
        }

        private static Map<String, Object> user(String user, CloudCredentials.@Nullable Domain domain) {
            return domain == null
                    ? Map.of("id", user)
                    : Map.of("name", user, "domain", Map.of(domain.isId() ? "id" : "name", domain.text()));
        }

        @Override
        @JsonProperty("methods")
        public List<String> getMethods() {
            return List.of("application_credential");
        }

        @Override
        @SuppressWarnings("NullAway") // openstack4j leaves out what is null
        public Password getPassword() {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway")
        public Token getToken() {
            return null;
        }
    }
}
