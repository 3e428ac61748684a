package io.ballast.testbed.openstack;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The model as a cloud, with a time that only tests move. */
final class ModelCloud implements Cloud {
    final OpenStackModel model;
    private final Map<String, String> tokens = new HashMap<>();
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    private ModelCloud(OpenStackModel.Settings settings) {
        this.model = new OpenStackModel(settings, now);
    }

    static ModelCloud with(OpenStackModel.Settings settings) {
        return new ModelCloud(settings);
    }

    /** The default layout at the measured pace. */
    static ModelCloud measured() {
        return with(OpenStackModel.Settings.of(Timing.measured()));
    }

    ModelCloud with(Faults faults) {
        model.setFaults(faults, now);
        return this;
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
        model.advance(now);
    }

    ModelReply send(ModelRequest request) {
        return model.handle(request, now);
    }

    @Override
    public ModelReply send(String user, ModelRequest request) {
        var token =
                tokens.computeIfAbsent(user, _ -> model.tokenFor(user, user.equals("admin") ? "admin" : "k8s", now));
        return model.handle(request.withToken(token), now);
    }

    @Override
    public void settle() {
        for (var next = model.nextChange(); next.isPresent(); next = model.nextChange()) {
            now = next.get();
            model.advance(now);
        }
    }

    @Override
    public SeededLayout layout() {
        return model.seeded();
    }
}
