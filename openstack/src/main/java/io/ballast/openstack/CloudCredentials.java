package io.ballast.openstack;

import org.jspecify.annotations.Nullable;

/** How to identify at Keystone. Source: Identity API v3, authentication. */
public sealed interface CloudCredentials {
    /**
     * A user and a password, for one project.
     *
     * @param user name or id of the user
     * @param password its password
     * @param userDomain domain of a user given by name; null when the user is given by id
     * @param project name or id of the project
     * @param projectDomain domain of a project given by name; null when the project is given by id
     */
    record Password(
            String user,
            Secret password,
            @Nullable Domain userDomain,
            String project,
            @Nullable Domain projectDomain) implements CloudCredentials {}

    /**
     * An application credential; its project is its own.
     *
     * @param id its id; null when it is given by name and user
     * @param name its name; null when it is given by id
     * @param user name or id of its user, null when it is given by id
     * @param userDomain domain of a user given by name; null otherwise
     * @param secret its secret
     */
    record ApplicationCredential(
            @Nullable String id,
            @Nullable String name,
            @Nullable String user,
            @Nullable Domain userDomain,
            Secret secret)
            implements CloudCredentials {}

    /**
     * A Keystone domain.
     *
     * @param text its id or its name
     * @param isId which of the two
     */
    record Domain(String text, boolean isId) {}
}
