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
 */
public record ServiceParts<C, R>(TopicPlan plan, String instance, Reconciler<C, R> reconciler, Calls<C, R> calls) {
    public ServiceParts {
        if (!instance.matches("[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("instance %s has letters that no group may have".formatted(instance));
        }
    }

    /** A service with a single group. */
    public ServiceParts(TopicPlan plan, Reconciler<C, R> reconciler, Calls<C, R> calls) {
        this(plan, "", reconciler, calls);
    }

    /** Service and instance, joined by a dash. */
    String name() {
        return instance.isEmpty() ? plan.service() : plan.service() + "-" + instance;
    }
}
