package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the operator of a cluster sets about the options of Services.
 *
 * @param usual flavor, availability zone and so on of Services that name neither a class nor their own; its provider is null
 * @param classes classes by name
 * @param rawIds who may name what of OpenStack; nobody where there is none
 * @param providers providers a Service may choose by annotation, beside the cluster's own
 * @param projects ids of OpenStack projects that namespaces may choose
 * @param monitors health monitors
 * @param internalOnly whether no Service gets an external address
 */
public record OptionSettings(
        LoadBalancerClass usual,
        Map<String, LoadBalancerClass> classes,
        List<RawIdRule> rawIds,
        Set<String> providers,
        Set<String> projects,
        MonitorSettings monitors,
        boolean internalOnly) {
    public static final OptionSettings DEFAULT = new OptionSettings(
            LoadBalancerClass.NONE, Map.of(), List.of(), Set.of(), Set.of(), MonitorSettings.DEFAULT, false);

    public OptionSettings {
        classes = InOrder.copyOf(classes);
        rawIds = List.copyOf(rawIds);
        providers = InOrder.copyOf(providers);
        projects = InOrder.copyOf(projects);
    }

    /** Whether Services of a namespace may name this. */
    boolean allows(RawId kind, String namespace, Map<String, String> labels) {
        return rawIds.stream()
                .filter(rule -> rule.kinds().contains(kind))
                .anyMatch(rule -> rule.namespaces().selects(namespace, labels));
    }
}
