package io.ballast.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A Keystone and an Octavia that answer on loopback; tokens may be revoked. */
final class FakeCloud implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final AtomicInteger tokensIssued = new AtomicInteger();
    final List<JsonNode> authentications = Collections.synchronizedList(new ArrayList<>());
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    volatile Duration tokenLife = Duration.ofHours(1);
    volatile boolean refusesEverybody;

    /** The only secret that is accepted; empty for any. */
    volatile String accepts = "";

    /** Takes requests, and answers none: neither changes, nor all others, as far as each is set. */
    volatile boolean keepsChanges;

    volatile boolean keepsAll;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int validFrom = 1;
    private final HttpServer server;

    FakeCloud() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v3/auth/tokens", this::authenticate);
        server.createContext("/octavia/v2.0/lbaas/loadbalancers", this::serve);
        server.createContext("/octavia/", exchange -> {
            keep(keepsAll);
            reply(exchange, 300, "{\"versions\": []}");
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void revokeAll() {
        validFrom = tokensIssued.get() + 1;
    }

    private void authenticate(HttpExchange exchange) throws IOException {
        var asked = JSON.readTree(exchange.getRequestBody());
        authentications.add(asked);
        if (refusesEverybody || !asked.toString().contains("\"" + accepts)) {
            reply(exchange, 401, "{\"error\": {\"code\": 401, \"message\": \"no\"}}");
            return;
        }
        exchange.getResponseHeaders().add("X-Subject-Token", "token-" + tokensIssued.incrementAndGet());
        reply(exchange, 201, """
                {"token": {"methods": ["password"], "expires_at": "%s", "issued_at": "%s",
                 "project": {"id": "p", "name": "p", "domain": {"id": "default", "name": "Default"}},
                 "user": {"id": "u", "name": "u", "domain": {"id": "default", "name": "Default"}},
                 "catalog": [{"type": "load-balancer", "name": "octavia", "id": "1", "endpoints": [
                  {"id": "2", "interface": "public", "region": "Other", "region_id": "Other", "url": "http://127.0.0.1:1/"},
                  {"id": "3", "interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "%s/octavia/v2.0/"}]}]}}
                """.formatted(Instant.now().plus(tokenLife), Instant.now(), url()));
    }

    private void serve(HttpExchange exchange) throws IOException {
        keep(keepsAll || (keepsChanges && !exchange.getRequestMethod().equals("GET")));
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        var token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        if (token == null || Integer.parseInt(token.substring("token-".length())) < validFrom) {
            reply(exchange, 401, "{\"error\": {\"code\": 401}}");
            return;
        }
        exchange.getResponseHeaders().add("X-Openstack-Request-Id", "req-1");
        var method = exchange.getRequestMethod();
        if (method.equals("POST")) {
            exchange.getResponseHeaders().add("Retry-After", "7");
            reply(exchange, 503, "<html>busy</html>");
        } else if (method.equals("DELETE")) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else {
            reply(exchange, 404, "{\"faultstring\": \"not found\"}");
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void keep(boolean isKept) {
        try {
            if (isKept) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
