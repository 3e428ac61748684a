package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for names, labels, annotations and finalizers. Source: {@code ValidateObjectMeta} in apimachinery. */
final class Metadata {
    static final String SUBDOMAIN_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                    + "alphanumeric character (e.g. 'example.com', regex used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    static final String LABEL_RULE =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
                    + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String DNS_1035_RULE =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with "
                    + "an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private static final String LABEL_VALUE_RULE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                    + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                    + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private static final String QUALIFIED_RULE =
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                    + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                    + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern DNS_1123_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern DNS_1035_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern QUALIFIED =
            Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final Set<String> PATH_NAMES =
            Set.of("roles", "rolebindings", "clusterroles", "clusterrolebindings");
    private static final int MAX_ANNOTATIONS = 256 * 1024;

    private Metadata() {}

    static boolean isSubdomain(String name) {
        return name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
    }

    static void validate(ResourceType type, ObjectNode object, FieldErrors errors) {
        name(type, Meta.name(object), errors);
        Meta.labels(object).forEach((key, value) -> label(key, value, errors));
        var size = 0;
        for (var entry :
                Json.textMap(Json.at(object, "metadata", "annotations")).entrySet()) {
            if (!QUALIFIED.matcher(entry.getKey()).matches()) {
                errors.invalid("metadata.annotations", entry.getKey(), QUALIFIED_RULE);
            }
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > MAX_ANNOTATIONS) {
            errors.tooLong("metadata.annotations", MAX_ANNOTATIONS);
        }
        var finalizers = Meta.finalizers(object);
        for (var i = 0; i < finalizers.size(); i++) {
            var finalizer = finalizers.get(i);
            if (!QUALIFIED.matcher(finalizer).matches()) {
                errors.invalid("metadata.finalizers", finalizer, QUALIFIED_RULE);
            } else if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                errors.invalid(
                        "metadata.finalizers[" + i + "]",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static void name(ResourceType type, String name, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else if (type.storage().equals("/services")) {
            if (name.length() > 63) {
                errors.invalid("metadata.name", name, "must be no more than 63 characters");
            } else if (!DNS_1035_LABEL.matcher(name).matches()) {
                errors.invalid("metadata.name", name, DNS_1035_RULE);
            }
        } else if (type.storage().equals("/namespaces")) {
            if (name.length() > 63) {
                errors.invalid("metadata.name", name, "must be no more than 63 characters");
            } else if (!DNS_1123_LABEL.matcher(name).matches()) {
                errors.invalid("metadata.name", name, LABEL_RULE);
            }
        } else if (PATH_NAMES.contains(type.plural())) {
            if (name.contains("/") || name.contains("%")) {
                errors.invalid("metadata.name", name, "may not contain '/'");
            }
        } else if (!isSubdomain(name)) {
            errors.invalid("metadata.name", name, SUBDOMAIN_RULE);
        }
    }

    private static void label(String key, String value, FieldErrors errors) {
        if (!QUALIFIED.matcher(key).matches()) {
            errors.invalid("metadata.labels", key, QUALIFIED_RULE);
        }
        if (value.length() > 63) {
            errors.invalid("metadata.labels", value, "must be no more than 63 characters");
        } else if (!LABEL_VALUE.matcher(value).matches()) {
            errors.invalid("metadata.labels", value, LABEL_VALUE_RULE);
        }
    }

    /** An object that is being deleted may lose finalizers, not gain them. */
    static void validateUpdate(ObjectNode before, ObjectNode after, FieldErrors errors) {
        if (Meta.isDeleting(before)) {
            var added = new HashSet<>(Meta.finalizers(after));
            Meta.finalizers(before).forEach(added::remove);
            if (!added.isEmpty()) {
                var list = FieldErrors.strings(added.stream().sorted().toList()).text();
                errors.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers " + list);
            }
        }
    }

    /** Labels and annotations are texts; anything else the real one refuses while decoding, with 400. */
    static void decode(ResourceType type, ObjectNode object) {
        for (var map : new String[] {"labels", "annotations"}) {
            for (var entry : Json.at(object, "metadata", map).properties()) {
                if (!entry.getValue().isTextual() && !entry.getValue().isNull()) {
                    throw ApiError.badRequest(
                            "%s in version \"%s\" cannot be handled as a %s: json: cannot unmarshal %s into Go struct field ObjectMeta.metadata.%s of type string"
                                    .formatted(
                                            type.kind(),
                                            type.version(),
                                            type.kind(),
                                            entry.getValue()
                                                    .getNodeType()
                                                    .name()
                                                    .toLowerCase(Locale.ROOT),
                                            map));
                }
            }
        }
    }
}
