package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.TopicPlan;

/**
 * What makes a process one of the four services.
 *
 * @param <C> calls
 * @param <R> answers and news
 * @param plan its topics
 * @param instance what sets its group apart from other groups of the same service, such as the name of a cluster; empty
 *     when there is one group
 * @param reconciler its decisions
 * @param calls its outside world; closed with the host
 * @param report what it says of itself
 */
public record ServiceParts<C, R>(
        TopicPlan plan, String instance, Reconciler<C, R> reconciler, Calls<C, R> calls, ServiceReport report) {
    public ServiceParts {
        if (!instance.matches("[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("instance %s has letters that no group may have".formatted(instance));
        }
    }

    /** A service with nothing to say. */
    public ServiceParts(TopicPlan plan, String instance, Reconciler<C, R> reconciler, Calls<C, R> calls) {
        this(plan, instance, reconciler, calls, ServiceReport.NONE);
    }

    /** A service with a single group and nothing to say. */
    public ServiceParts(TopicPlan plan, Reconciler<C, R> reconciler, Calls<C, R> calls) {
        this(plan, "", reconciler, calls);
    }

    /** The same service, which says this of itself. */
    public ServiceParts<C, R> reporting(ServiceReport said) {
        return new ServiceParts<>(plan, instance, reconciler, calls, said);
    }

    /** Service and instance, joined by a dash. */
    String name() {
        return instance.isEmpty() ? plan.service() : plan.service() + "-" + instance;
    }
}
