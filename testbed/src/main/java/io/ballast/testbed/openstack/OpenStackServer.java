package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ballast.runtime.process.Parent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One {@link OpenStackModel} behind HTTP on 127.0.0.1, a port for each service. It answers after the time that the model says
 * the real service would take; requests wait for each other only while the model works, not while they wait.
 *
 * <p>Beside the APIs each port answers {@code /ballast/…}, see {@link OpenStackAdmin}.
 */
public final class OpenStackServer implements AutoCloseable {
    private static final int EXIT_USAGE = 64;

    private final InstantSource clock;
    private final OpenStackModel model;
    private final Endpoints endpoints;
    private final List<HttpServer> servers;
    private final ExecutorService threads;
    private final AtomicLong requests = new AtomicLong();

    private OpenStackServer(
            InstantSource clock,
            OpenStackModel model,
            Endpoints endpoints,
            List<HttpServer> servers,
            ExecutorService threads) {
        this.clock = clock;
        this.model = model;
        this.endpoints = endpoints;
        this.servers = servers;
        this.threads = threads;
    }

    /** Starts on three ports from {@code portBase}, or on free ones when it is 0; the settings' endpoints are replaced. */
    public static OpenStackServer start(OpenStackModel.Settings settings, int portBase, InstantSource clock)
            throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var servers = new EnumMap<OpenStackService, HttpServer>(OpenStackService.class);
        var urls = new ArrayList<String>();
        for (var service : OpenStackService.values()) {
            int port = portBase == 0 ? 0 : portBase + servers.size();
            try {
                servers.put(service, listen(port));
            } catch (IOException e) {
                servers.values().forEach(each -> each.stop(0));
                threads.shutdownNow();
                throw new IOException(
                        "cannot listen on 127.0.0.1:" + port + " for " + service + ": " + e.getMessage(), e);
            }
        }
        servers.values().forEach(http -> {
            http.setExecutor(threads);
            urls.add("http://127.0.0.1:" + http.getAddress().getPort());
        });
        var endpoints = new Endpoints(urls.get(0), urls.get(1), urls.get(2));
        var model = new OpenStackModel(settings.withEndpoints(endpoints), clock.instant());
        var server = new OpenStackServer(clock, model, endpoints, List.copyOf(servers.values()), threads);
        servers.forEach((service, http) -> {
            http.createContext("/", exchange -> server.serve(service, exchange));
            http.createContext("/ballast/", server::serveAdmin);
            http.start();
        });
        return server;
    }

    private static HttpServer listen(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    }

    /** Where the services answer. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Does something with the model, brought up to now, while no request is in it. */
    public synchronized <T> T withModel(Function<OpenStackModel, T> action) {
        model.advance(clock.instant());
        return action.apply(model);
    }

    /** A {@code clouds.yaml} with clouds {@code k8s}, {@code k8s-appcred}, {@code admin}, {@code nolb} and {@code observer}. */
    public String cloudsYaml() {
        return CloudsYaml.text(endpoints, model.seeded());
    }

    private synchronized ModelReply answer(ModelRequest request) {
        try {
            return model.handle(request, clock.instant());
        } catch (RuntimeException e) { // a bug of the model: say so, and serve the next request
            e.printStackTrace();
            return failure(request.service(), 500, "The model failed: " + e);
        }
    }

    private void serve(OpenStackService service, HttpExchange exchange) throws IOException {
        try (exchange) {
            var reply = bodyOf(service, exchange);
            if (reply.lost()) {
                return; // closing without an answer breaks the connection
            }
            if (service != OpenStackService.NEUTRON) {
                exchange.getResponseHeaders().set("Connection", "close"); // as uwsgi does
            }
            if (service != OpenStackService.OCTAVIA || reply.status() != 401) {
                exchange.getResponseHeaders().set("x-openstack-request-id", "req-" + requests.incrementAndGet());
            }
            send(exchange, reply);
        }
    }

    private ModelReply bodyOf(OpenStackService service, HttpExchange exchange) throws IOException {
        var bytes = exchange.getRequestBody().readAllBytes();
        JsonNode body = null;
        if (bytes.length > 0) {
            try {
                body = Json.MAPPER.readTree(bytes);
            } catch (IOException _) {
                return failure(
                        service,
                        400,
                        "The server could not comply with the request since it is either malformed or otherwise incorrect.");
            }
        }
        var reply = answer(request(service, exchange, body));
        pause(reply);
        return reply;
    }

    private static ModelRequest request(OpenStackService service, HttpExchange exchange, @Nullable JsonNode body) {
        var uri = exchange.getRequestURI();
        var query =
                uri.getRawQuery() == null ? Map.<String, List<String>>of() : ModelRequest.parseQuery(uri.getRawQuery());
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        return new ModelRequest(service, exchange.getRequestMethod(), uri.getRawPath(), query, headers, body);
    }

    private static ModelReply failure(OpenStackService service, int status, String text) {
        return ModelReply.of(
                status,
                switch (service) {
                    case KEYSTONE -> ApiError.keystoneBody(status, text, text);
                    case NEUTRON -> ApiError.neutronBody("HTTPError", text);
                    case OCTAVIA -> ApiError.octaviaBody(status, text);
                });
    }

    private static void pause(ModelReply reply) {
        try {
            Thread.sleep(reply.took());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // stopping: answer at once
        }
    }

    private void serveAdmin(HttpExchange exchange) throws IOException {
        try (exchange) {
            var bytes = exchange.getRequestBody().readAllBytes();
            var query = exchange.getRequestURI().getRawQuery();
            var path = exchange.getRequestURI().getPath();
            send(
                    exchange,
                    withModel(each -> OpenStackAdmin.answer(
                            each,
                            exchange.getRequestMethod(),
                            path,
                            query == null ? "" : query,
                            bytes,
                            clock.instant())));
        }
    }

    private static void send(HttpExchange exchange, ModelReply reply) throws IOException {
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        var body = reply.body();
        if (body == null || exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        var bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    /** Runs until it is stopped; see {@code USAGE} in the options for the arguments. Prints one line when it is ready. */
    public static void main(String[] arguments) {
        Parent.endWithIt();
        try {
            var options = OpenStackServerOptions.parse(List.of(arguments));
            var server = start(options.settings(), options.portBase(), InstantSource.system());
            if (options.cloudsYaml().isPresent()) {
                write(options.cloudsYaml().get(), server.cloudsYaml());
            }
            if (options.idsFile().isPresent()) {
                write(options.idsFile().get(), server.model.seeded().toJson().toPrettyString());
            }
            System.out.println("ready: keystone " + server.endpoints().keystone() + " neutron "
                    + server.endpoints().neutron() + " octavia "
                    + server.endpoints().octavia());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Writes a file so that nobody sees half of it. */
    private static void write(Path file, String text) throws IOException {
        try {
            var part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e, e);
        }
    }
}
