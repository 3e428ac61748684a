package io.ballast.testbed.sim;

import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.Calls;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The OpenStack model as a cloud that production code talks to, with requests and replies that get lost. */
public final class SimCloud implements Rest {
    private final OpenStackModel model;
    private final Schedule schedule;
    private final Supplier<Faults> faults;
    private @Nullable String token;
    private Duration took = Duration.ZERO;

    public SimCloud(OpenStackModel model, Schedule schedule, Supplier<Faults> faults) {
        this.model = model;
        this.schedule = schedule;
        this.faults = faults;
    }

    @Override
    public RestReply send(RestRequest request) {
        if (schedule.chance(faults.get().requestLost())) {
            return new RestReply.Unanswered(
                    "the connection was cut before the request was sent",
                    !request.method().equals(RestRequest.Method.GET));
        }
        var reply = model.handle(authenticated(request), schedule.now());
        if (reply.status() == 401) {
            token = null;
            reply = model.handle(authenticated(request), schedule.now());
        }
        took = took.plus(reply.took());
        if (reply.lost() || schedule.chance(faults.get().responseLost())) {
            return new RestReply.Unanswered("the connection was cut before an answer came", true);
        }
        return new RestReply.Answered(
                reply.status(), reply.json(), "req-" + model.calls().size(), retryAfter(reply));
    }

    /** The same calls, which now know how long OpenStack took for the last one. */
    public <C, R> Calls<C, R> timed(Calls<C, R> calls) {
        return new TimedCalls<>(calls);
    }

    private ModelRequest authenticated(RestRequest request) {
        if (token == null) {
            token = model.tokenFor("k8s", "k8s", schedule.now());
        }
        var service = request.api() == Api.NETWORK ? OpenStackService.NEUTRON : OpenStackService.OCTAVIA;
        return new ModelRequest(
                service,
                request.method().name(),
                request.path(),
                new LinkedHashMap<>(request.query()),
                Map.of("x-auth-token", token),
                request.body());
    }

    private static @Nullable Duration retryAfter(ModelReply reply) {
        var header = reply.headers().get("Retry-After");
        return header == null ? null : Duration.ofSeconds(Long.parseLong(header));
    }

    private final class TimedCalls<C, R> implements Calls<C, R>, SimProcess.Timed {
        private final Calls<C, R> calls;

        private TimedCalls(Calls<C, R> calls) {
            this.calls = calls;
        }

        @Override
        public R call(C call) {
            took = Duration.ZERO;
            return calls.call(call);
        }

        @Override
        public R failed(C call, RuntimeException cause) {
            return calls.failed(call, cause);
        }

        @Override
        public void listen(Consumer<R> news) {
            calls.listen(news);
        }

        @Override
        public void close() {
            calls.close();
        }

        @Override
        public Duration lastTook() {
            return took.plus(schedule.millis(1, 20));
        }
    }
}
