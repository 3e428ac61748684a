package io.ballast.testbed.openstack;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keystone v3, Neutron and Octavia v2 as one passive state machine. It has no clock, no thread, no random source and does no
 * I/O: the caller hands in each request with its time, and time only moves forward. Not safe for use by several threads.
 *
 * <p>A refusal is a reply, never an exception. A write takes effect at the time of its request; {@link ModelReply#took} says
 * how long the real services would have kept the caller waiting.
 */
public final class OpenStackModel {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final World world;
    final KeystoneModel keystone;
    final NeutronModel neutron;
    private final OctaviaModel octavia;
    private final LbaasModel lbaas;
    private final CallLog calls = new CallLog();
    private final SeededLayout seeded;

    /**
     * How a model is set up.
     *
     * @param seed decides every id
     * @param endpoints what the catalogue and links point at
     * @param defaultProvider for a create that names none
     * @param activeStandby two amphorae, and so two vrrp ports, per amphora load balancer
     * @param loadBalancing what load balancers are made with
     */
    public record Settings(
            long seed,
            Endpoints endpoints,
            Timing timing,
            Provider defaultProvider,
            boolean activeStandby,
            Layout layout,
            LoadBalancing loadBalancing) {

        /** The default layout, amphora, one amphora per load balancer, reached in memory. */
        public static Settings of(Timing timing) {
            return new Settings(
                    1, Endpoints.inMemory(), timing, Provider.AMPHORA, false, Layout.DEFAULT, LoadBalancing.OCTAVIA);
        }

        /** The same with another layout. */
        public Settings withLayout(Layout other) {
            return new Settings(seed, endpoints, timing, defaultProvider, activeStandby, other, loadBalancing);
        }

        /** The same with other addresses. */
        public Settings withEndpoints(Endpoints other) {
            return new Settings(seed, other, timing, defaultProvider, activeStandby, layout, loadBalancing);
        }

        /** The same with another default provider. */
        public Settings withDefaultProvider(Provider other) {
            return new Settings(seed, endpoints, timing, other, activeStandby, layout, loadBalancing);
        }

        /** The same with two amphorae per load balancer. */
        public Settings withActiveStandby() {
            return new Settings(seed, endpoints, timing, defaultProvider, true, layout, loadBalancing);
        }

        /** The same at another pace. */
        public Settings withTiming(Timing other) {
            return new Settings(seed, endpoints, other, defaultProvider, activeStandby, layout, loadBalancing);
        }

        /** The same with load balancers made otherwise. */
        public Settings withLoadBalancing(LoadBalancing other) {
            return new Settings(seed, endpoints, timing, defaultProvider, activeStandby, layout, other);
        }

        /** The same with other ids. */
        public Settings withSeed(long other) {
            return new Settings(other, endpoints, timing, defaultProvider, activeStandby, layout, loadBalancing);
        }
    }

    /** A cloud with the networks of a layout and nothing else; {@code start} is when they were made. */
    public OpenStackModel(Settings settings, Instant start) {
        this.world = new World(settings.seed(), settings.endpoints(), settings.timing());
        world.now = start;
        world.loadBalancing = settings.loadBalancing();
        this.keystone = new KeystoneModel(world);
        this.neutron = new NeutronModel(world);
        var serviceProject = keystone.addProject("service").id();
        this.octavia =
                new OctaviaModel(world, neutron, serviceProject, settings.defaultProvider(), settings.activeStandby());
        this.lbaas = new LbaasModel(octavia);
        this.seeded = Layouts.seed(settings.layout(), keystone, neutron);
    }

    /** From now on Octavia is one whose newest API version is 2.{@code minor}. */
    public void offerOctavia(int minor) {
        world.octaviaMinor = minor;
    }

    /** The ids of what was seeded. */
    public SeededLayout seeded() {
        return seeded;
    }

    /** Answers one request that arrives now. */
    public ModelReply handle(ModelRequest request, Instant at) {
        advance(at);
        world.concerned = "";
        var mutating = request.service() != OpenStackService.KEYSTONE && !READS.contains(request.method());
        var reply = answer(request, mutating);
        if (mutating && reply.status() < 300 && world.use("nextAnswersLost")) {
            reply = reply.asLost();
        }
        remember(world.now);
        calls.add(new Call(
                world.now,
                request.service(),
                request.method(),
                request.path(),
                resource(request),
                reply.status(),
                mutating,
                world.concerned,
                reply.took()));
        return reply;
    }

    private ModelReply answer(ModelRequest request, boolean mutating) {
        if (world.faults.storm().hits(request.service(), mutating)) {
            return storm(request.service());
        }
        try {
            return route(request);
        } catch (ApiError e) {
            var reply = e.reply();
            return reply.took().isZero() ? reply.taking(world.timing.read()) : reply;
        }
    }

    private ModelReply route(ModelRequest request) {
        if (request.service() == OpenStackService.KEYSTONE) {
            return keystone.handle(request);
        }
        if (request.service() == OpenStackService.OCTAVIA && !hasOctavia()) {
            throw ApiError.octavia(404, "there is no Octavia");
        }
        if (request.segments().isEmpty()) {
            return request.service() == OpenStackService.NEUTRON ? neutron.versions() : octavia.versions();
        }
        var caller = request.header("x-auth-token")
                .flatMap(keystone::caller)
                .orElseThrow(() -> ApiError.unauthorized(world.endpoints.keystone()));
        if (request.service() == OpenStackService.OCTAVIA) {
            return octavia.handle(request, caller);
        }
        var segments = request.segments();
        if (world.loadBalancing == LoadBalancing.LBAASV2 && isLbaas(segments)) {
            return lbaas.handle(request, caller);
        }
        if (segments.size() > 2 && segments.get(1).equals("floatingips")) {
            world.concerned = octavia.loadBalancers.ofFloatingIp(segments.get(2));
        }
        var reply = neutron.handle(request, caller);
        if (world.concerned.isEmpty()) {
            world.concerned =
                    octavia.loadBalancers.ofPort(Json.text(reply.json().path("floatingip"), "port_id"));
        }
        return reply;
    }

    private ModelReply storm(OpenStackService service) {
        var storm = world.faults.storm();
        world.change(faults -> faults.withStorm(storm.less()));
        var text =
                switch (storm.status()) {
                    case 503 -> "Project busy.  Unable to lock the project.  Please try again.";
                    case 429 -> "Too many requests";
                    default -> "Internal server error";
                };
        var body =
                switch (service) {
                    case KEYSTONE -> ApiError.keystoneBody(storm.status(), text, text);
                    case NEUTRON -> ApiError.neutronBody("HTTPServerError", text);
                    case OCTAVIA -> ApiError.octaviaBody(storm.status(), text);
                };
        var reply = ModelReply.of(storm.status(), body).taking(world.timing.read());
        return storm.retryAfter().isZero()
                ? reply
                : reply.withHeader(
                        "Retry-After", String.valueOf(storm.retryAfter().toSeconds()));
    }

    /** Whether the catalogue has Octavia. */
    public boolean hasOctavia() {
        return world.loadBalancing == LoadBalancing.OCTAVIA;
    }

    private static boolean isLbaas(List<String> segments) {
        return segments.size() > 1 && segments.get(1).equals("lbaas");
    }

    private static String resource(ModelRequest request) {
        var segments = request.segments();
        int at = request.service() == OpenStackService.OCTAVIA || isLbaas(segments) ? 2 : 1;
        if (segments.size() > at + 2 && segments.get(at).equals("pools")) {
            return segments.get(at + 2);
        }
        return segments.size() > at ? segments.get(at) : "";
    }

    /** Lets everything happen that is due. A time before the last one seen counts as that one. */
    public void advance(Instant at) {
        var until = at.isBefore(world.now) ? world.now : at;
        for (var next = nextChange(); next.isPresent() && !next.get().isAfter(until); next = nextChange()) {
            world.agenda.advance(next.get());
            remember(next.get());
        }
        world.now = until;
    }

    private void remember(Instant at) {
        octavia.remember(at);
        neutron.remember(at);
    }

    /** When the next thing happens by itself; empty when nothing is under way or all of it is stuck. */
    public Optional<Instant> nextChange() {
        return world.agenda.next();
    }

    /** The switches as they are now: counters fall with use. */
    public Faults faults() {
        return world.faults;
    }

    /** Sets the switches. */
    public void setFaults(Faults faults, Instant at) {
        advance(at);
        world.change(_ -> faults);
        octavia.switched(world.now);
        remember(world.now);
    }

    /** An administrator ends what is PENDING for ever: it is in ERROR from then on. */
    public void freeStuck(Instant at) {
        advance(at);
        octavia.freeStuck();
        remember(world.now);
    }

    /** What an administrator does to the database when a load balancer would stay PENDING for ever; false when there is none. */
    public boolean endInError(String loadBalancer) {
        var row = octavia.state.table(Kind.LOAD_BALANCER).find(loadBalancer);
        row.ifPresent(found -> found.set("provisioning_status", Provisioning.ERROR));
        return row.isPresent();
    }

    /** Every call so far. */
    public CallLog calls() {
        return calls;
    }

    /** What is left of load balancers in the seeded project {@code k8s}. */
    public Inventory inventory() {
        return Inventory.of(seeded.projectId(), octavia.state, neutron.state);
    }

    /** A token for a seeded user, as by password, without a call: for drivers that test something else. */
    public String tokenFor(String userName, String projectName, Instant at) {
        advance(at);
        var body = Json.object(
                "auth",
                Json.object(
                        "identity",
                                Json.object(
                                        "methods", List.of("password"),
                                        "password",
                                                Json.object(
                                                        "user",
                                                        Json.object(
                                                                "name",
                                                                userName,
                                                                "password",
                                                                Layouts.PASSWORD,
                                                                "domain",
                                                                Json.object("id", "default")))),
                        "scope",
                                Json.object(
                                        "project",
                                        Json.object("name", projectName, "domain", Json.object("id", "default")))));
        var request = ModelRequest.of(OpenStackService.KEYSTONE, "POST", "/v3/auth/tokens")
                .withBody(body);
        return keystone.handle(request).headers().getOrDefault("X-Subject-Token", "");
    }
}
