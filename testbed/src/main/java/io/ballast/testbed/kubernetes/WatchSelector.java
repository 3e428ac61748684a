package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/** What a list or a watch looks at: one resource, one namespace (empty is all), and selectors in the API's own words (empty is all). */
public record WatchSelector(
        ResourceType type, String namespace, LabelSelector labels, FieldSelector fields, boolean asTable) {
    boolean covers(ObjectStore.Key key) {
        return key.storage().equals(type.storage())
                && (namespace.isEmpty() || key.namespace().equals(namespace));
    }

    boolean matches(JsonNode object) {
        return labels.matches(Meta.labels(object)) && fields.matches(object);
    }
}
