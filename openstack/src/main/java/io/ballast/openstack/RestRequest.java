package io.ballast.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to one of the services of a cloud.
 *
 * @param api which service of the catalogue
 * @param method HTTP method
 * @param path path below the catalogue URL without its version, like {@code /v2.0/lbaas/loadbalancers}; every part of it
 *     that is not literal is percent-encoded already
 * @param query parameters, each with its values in order, not encoded
 * @param body JSON to send; null for none
 * @param revision Neutron's revision_number that the object must still have; null for whatever it has
 */
public record RestRequest(
        Api api,
        Method method,
        String path,
        SortedMap<String, List<String>> query,
        @Nullable JsonNode body,
        @Nullable Integer revision) {
    /** A service of the catalogue. */
    public enum Api {
        NETWORK,
        LOAD_BALANCER
    }

    /** HTTP methods in use. */
    public enum Method {
        GET,
        POST,
        PUT,
        DELETE;

        /** Whether it may change something. */
        public boolean isMutating() {
            return this != GET;
        }
    }

    public RestRequest {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    public static RestRequest get(Api api, String path) {
        return new RestRequest(api, Method.GET, path, new TreeMap<>(), null, null);
    }

    public static RestRequest post(Api api, String path, JsonNode body) {
        return new RestRequest(api, Method.POST, path, new TreeMap<>(), body, null);
    }

    public static RestRequest put(Api api, String path, JsonNode body) {
        return new RestRequest(api, Method.PUT, path, new TreeMap<>(), body, null);
    }

    public static RestRequest delete(Api api, String path) {
        return new RestRequest(api, Method.DELETE, path, new TreeMap<>(), null, null);
    }

    /** The same request with one more value of a query parameter. */
    public RestRequest with(String name, String value) {
        var more = new TreeMap<>(query);
        var values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, List.copyOf(values));
        return new RestRequest(api, method, path, more, body, revision);
    }

    /** The same request, done only while the object has this revision: else 412. Source: Neutron, revision-if-match. */
    public RestRequest onlyAt(int expected) {
        return new RestRequest(api, method, path, query, body, expected);
    }
}
