package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters, pages and chosen fields of a collection. Source: Octavia and Neutron API references, "Filtering" and "Pagination". */
final class Listing {
    private static final Set<String> NOT_FILTERS = Set.of(
            "fields",
            "limit",
            "marker",
            "page_reverse",
            "sort",
            "sort_key",
            "sort_dir",
            "tags",
            "tags-any",
            "not-tags",
            "not-tags-any");

    private Listing() {}

    /** The reply body for a list: at most {@code limit} items after {@code marker}, and a link to the next page. */
    static ObjectNode page(List<ObjectNode> items, ModelRequest request, String collection, String base) {
        var octavia = request.service() == OpenStackService.OCTAVIA;
        if (octavia) {
            checkFilters(request, collection);
        }
        var matching = new ArrayList<ObjectNode>();
        for (var item : items) {
            if (matches(item, request.query(), octavia)) {
                matching.add(item);
            }
        }
        sort(matching, request.query().getOrDefault("sort", List.of()));
        int from = request.parameter("marker")
                .map(marker -> after(matching, marker, collection, octavia))
                .orElse(0);
        int limit = request.parameter("limit").map(text -> limit(text, octavia)).orElse(Integer.MAX_VALUE);
        int to = limit >= matching.size() - from ? matching.size() : from + limit;
        var page = matching.subList(from, to);
        var fields = request.query().getOrDefault("fields", List.of());
        var body = Json.object(
                collection, page.stream().map(item -> only(item, fields)).toList());
        var links = new ArrayList<JsonNode>();
        if (request.query().containsKey("limit")
                && !page.isEmpty()
                && page.size() == limit
                && (to < matching.size() || !octavia)) {
            links.add(Json.object("rel", "next", "href", next(request, base, Json.text(page.getLast(), "id"))));
        }
        if (octavia || !links.isEmpty()) {
            body.set(collection + "_links", Json.array(links));
        }
        return body;
    }

    /** Octavia's {@code sort=name:desc,id}. */
    private static void sort(List<ObjectNode> items, List<String> keys) {
        for (var key : String.join(",", keys).split(",", -1)) {
            var name = key.replaceAll(":(asc|desc)$", "");
            var order = Comparator.<ObjectNode, String>comparing(item -> Json.text(item, name));
            if (!name.isEmpty()) {
                items.sort(key.endsWith(":desc") ? order.reversed() : order);
            }
        }
    }

    private static void checkFilters(ModelRequest request, String collection) {
        for (var filter : request.query().entrySet()) {
            if (NOT_FILTERS.contains(filter.getKey())) {
                continue;
            }
            if (!OctaviaAttributes.filters(collection).contains(filter.getKey())) {
                throw ApiError.octavia(400, "One or more arguments are either duplicate or invalid");
            }
            if (filter.getValue().size() > 1) {
                throw ApiError.octavia(
                        500,
                        "(pymysql.err.OperationalError) (4078, \"Illegal parameter data types varchar and row for operation"
                                + " '='\")");
            }
        }
    }

    /** One item with only the fields that the query names. */
    static ObjectNode only(ObjectNode item, List<String> fields) {
        if (fields.isEmpty()) {
            return item;
        }
        var kept = Json.object();
        Json.copy(item, kept, fields);
        return kept;
    }

    private static int after(List<ObjectNode> items, String marker, String collection, boolean octavia) {
        for (int i = 0; i < items.size(); i++) {
            if (Json.text(items.get(i), "id").equals(marker)) {
                return i + 1;
            }
        }
        throw octavia
                ? ApiError.octavia(400, "Supplied pagination marker '" + marker + "' is not valid.")
                : NeutronState.notFound(collection.replace('_', '-'), marker);
    }

    private static int limit(String text, boolean octavia) {
        if (text.matches("\\d{1,9}")) {
            int limit = Integer.parseInt(text);
            if (limit == 0 && octavia) {
                throw ApiError.octavia(500, "'>=' not supported between instances of 'int' and 'NoneType'");
            }
            return limit == 0 ? Integer.MAX_VALUE : limit;
        }
        throw octavia
                ? ApiError.pecan(400, "Bad Request", "Supplied pagination limit '" + text + "' is not valid.")
                : ApiError.neutron(
                        400,
                        "BadRequest",
                        "Bad limit request: Limit must be an integer 0 or greater and not '" + text + "'.");
    }

    private static String next(ModelRequest request, String base, String marker) {
        var text = new StringBuilder(base + request.path() + "?");
        request.query().forEach((name, values) -> {
            if (!name.equals("marker")) {
                values.forEach(value -> text.append(encode(name))
                        .append('=')
                        .append(encode(value))
                        .append('&'));
            }
        });
        return text.append("marker=").append(marker).toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean matches(JsonNode item, Map<String, List<String>> query, boolean octavia) {
        var tags = Json.texts(item.path("tags"));
        if (!tags.containsAll(words(query, "tags"))
                || (query.containsKey("tags-any")
                        && words(query, "tags-any").stream().noneMatch(tags::contains))
                || (query.containsKey("not-tags") && tags.containsAll(words(query, "not-tags")))
                || words(query, "not-tags-any").stream().anyMatch(tags::contains)) {
            return false;
        }
        for (var filter : query.entrySet()) {
            if (NOT_FILTERS.contains(filter.getKey())) {
                continue;
            }
            var value = octavia ? related(item, filter.getKey()) : item.path(filter.getKey());
            if (value.isMissingNode()) {
                throw ApiError.neutron(
                        400, "HTTPBadRequest", "['" + filter.getKey() + "'] is invalid attribute for filtering");
            }
            if (!anyOf(value, filter.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** The value to compare: relations are asked for as {@code loadbalancer_id}, and shown as lists of ids. */
    private static JsonNode related(JsonNode item, String name) {
        return switch (name) {
            case "loadbalancer_id", "load_balancer_id" -> item.path(item.has(name) ? name : "loadbalancers");
            case "pool_id" -> item.path("pools");
            default -> item.path(name);
        };
    }

    private static boolean anyOf(JsonNode value, List<String> wanted) {
        // fixed_ips=subnet_id=A&fixed_ips=ip_address=B narrows, everything else widens
        if (value.isArray() && wanted.stream().allMatch(text -> text.indexOf('=') > 0)) {
            return Json.items(value).stream().anyMatch(each -> wanted.stream().allMatch(text -> pair(each, text)));
        }
        return wanted.stream().anyMatch(text -> same(value, text));
    }

    private static boolean pair(JsonNode item, String text) {
        int mark = text.indexOf('=');
        return same(item.path(text.substring(0, mark)), text.substring(mark + 1));
    }

    private static boolean same(JsonNode value, String text) {
        if (value.isArray()) {
            return Json.items(value).stream().anyMatch(each -> same(each, text) || same(each.path("id"), text));
        }
        if (value.isBoolean()) {
            return value.asBoolean() == (text.equalsIgnoreCase("true") || text.equals("1"));
        }
        if (value.isNull() || value.isMissingNode()) {
            return text.isEmpty();
        }
        if (value.asText().equals(text)) {
            return true;
        }
        return text.indexOf(':') >= 0
                && Ip.parse(text).isPresent()
                && Ip.parse(text).equals(Ip.parse(value.asText()));
    }

    private static List<String> words(Map<String, List<String>> query, String name) {
        var found = new ArrayList<String>();
        for (var value : query.getOrDefault(name, List.of())) {
            for (var word : value.split(",", -1)) {
                if (!word.isEmpty()) {
                    found.add(word);
                }
            }
        }
        return found;
    }
}
