package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.InOrder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to one service, without its transport. The path starts with a slash and holds no query; query names keep
 * their order and may repeat; header names are lower case. A null body means that none was sent.
 */
public record ModelRequest(
        OpenStackService service,
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        @Nullable JsonNode body) {

    public ModelRequest {
        method = method.toUpperCase(Locale.ROOT);
        var lower = new TreeMap<String, String>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = InOrder.copyOf(lower);
    }

    /** A request without body and headers; {@code target} may carry a query string. */
    public static ModelRequest of(OpenStackService service, String method, String target) {
        int mark = target.indexOf('?');
        var path = mark < 0 ? target : target.substring(0, mark);
        var query = mark < 0 ? Map.<String, List<String>>of() : parseQuery(target.substring(mark + 1));
        return new ModelRequest(service, method, path, query, Map.of(), null);
    }

    /** The same request with a token. */
    public ModelRequest withToken(String token) {
        return withHeader("x-auth-token", token);
    }

    /** The same request with one more header. */
    public ModelRequest withHeader(String name, String value) {
        var more = new TreeMap<>(headers);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new ModelRequest(service, method, path, query, more, body);
    }

    /** The same request with this JSON text as body; single quotes stand for double ones when the text has no double quote. */
    public ModelRequest withBody(String json) {
        return withBody(Json.parse(json.indexOf('"') < 0 ? json.replace('\'', '"') : json));
    }

    /** The same request with this body. */
    public ModelRequest withBody(JsonNode json) {
        return new ModelRequest(service, method, path, query, headers, json);
    }

    /** The value of a header, whatever its case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The last value of a query parameter. */
    Optional<String> parameter(String name) {
        var values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /** Path segments without empty ones. */
    List<String> segments() {
        var found = new ArrayList<String>();
        for (var part : path.split("/", -1)) {
            if (!part.isEmpty()) {
                found.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    static Map<String, List<String>> parseQuery(String text) {
        var found = new LinkedHashMap<String, List<String>>();
        for (var part : text.split("&", -1)) {
            if (!part.isEmpty()) {
                int mark = part.indexOf('=');
                var name = URLDecoder.decode(mark < 0 ? part : part.substring(0, mark), StandardCharsets.UTF_8);
                var value = mark < 0 ? "" : URLDecoder.decode(part.substring(mark + 1), StandardCharsets.UTF_8);
                found.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return found;
    }
}
