package io.ballast.translator;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.translator.translation.LoadBalancerClass;
import io.ballast.translator.translation.MonitorSettings;
import io.ballast.translator.translation.NamespaceSelector;
import io.ballast.translator.translation.OptionSettings;
import io.ballast.translator.translation.RawId;
import io.ballast.translator.translation.RawIdRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what an operator sets about the options of Services; mistakes are noted in the reader. */
final class OptionSettingsConfig {
    private static final String CLASS_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";

    private OptionSettingsConfig() {}

    static OptionSettings from(ConfigReader read) {
        var classes = new LinkedHashMap<String, LoadBalancerClass>();
        read.sections("classes").forEach((name, section) -> {
            if (!name.matches(CLASS_NAME)) {
                read.fail("classes." + name, "is no name of a class: 1..63 of a-z, 0-9, '-' and '.'");
            }
            classes.put(name, loadBalancerClass(section));
        });
        var rules = new ArrayList<RawIdRule>();
        read.sections("raw-ids").forEach((name, section) -> rules.add(rawIds(section)));
        return new OptionSettings(
                new LoadBalancerClass(
                        null,
                        read.optionalText("flavor").orElse(null),
                        read.optionalText("availability-zone").orElse(null),
                        null,
                        null,
                        null,
                        NamespaceSelector.ALL),
                classes,
                rules,
                new TreeSet<>(read.list("providers", List.of())),
                new TreeSet<>(read.list("namespace-projects", List.of())),
                monitors(read.section("health-monitors")),
                read.flag("internal-only", false));
    }

    private static LoadBalancerClass loadBalancerClass(ConfigReader read) {
        return new LoadBalancerClass(
                read.optionalText("provider").orElse(null),
                read.optionalText("flavor").orElse(null),
                read.optionalText("availability-zone").orElse(null),
                read.optionalText("vip-subnet").orElse(null),
                read.optionalText("member-subnet").orElse(null),
                read.optionalText("pool").orElse(null),
                namespaces(read));
    }

    private static NamespaceSelector namespaces(ConfigReader read) {
        var requirements = new ArrayList<LabelSelector>();
        read.texts("match-labels")
                .forEach((label, value) -> requirement(read, "match-labels", label + "=" + value, requirements));
        for (var text : read.list("match-expressions", List.of())) {
            requirement(read, "match-expressions", text, requirements);
        }
        return new NamespaceSelector(Set.copyOf(read.list("namespaces", List.of())), LabelSelector.allOf(requirements));
    }

    private static void requirement(ConfigReader read, String setting, String text, List<LabelSelector> requirements) {
        try {
            requirements.add(LabelSelector.parse(text));
        } catch (IllegalArgumentException e) {
            read.fail(setting, "cannot be read: " + e.getMessage());
        }
    }

    private static RawIdRule rawIds(ConfigReader read) {
        var kinds = EnumSet.noneOf(RawId.class);
        var words = Arrays.stream(RawId.values()).collect(Collectors.toMap(OptionSettingsConfig::word, each -> each));
        for (var text : read.list("kinds", List.of())) {
            var kind = words.get(text);
            if (kind == null) {
                read.fail(
                        "kinds",
                        "holds %s, but knows only %s"
                                .formatted(text, String.join(", ", new TreeSet<>(words.keySet()))));
            } else {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty()) {
            read.fail("kinds", "is missing: what these namespaces may name");
        }
        return new RawIdRule(namespaces(read), kinds);
    }

    private static String word(RawId kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static MonitorSettings monitors(ConfigReader read) {
        var defaults = MonitorSettings.DEFAULT;
        @Nullable Boolean enabled = read.has("enabled") ? read.flag("enabled", false) : null;
        int delay = seconds(read, "delay", defaults.delaySeconds());
        int timeout = seconds(read, "timeout", defaults.timeoutSeconds());
        if (timeout >= delay) {
            read.fail("timeout", "is %d s, not shorter than the delay of %d s".formatted(timeout, delay));
            delay = defaults.delaySeconds();
            timeout = defaults.timeoutSeconds();
        }
        return new MonitorSettings(
                enabled,
                delay,
                timeout,
                read.integer("max-retries", 1, MonitorSettings.RETRIES_MAX, defaults.maxRetries()),
                read.integer("max-retries-down", 1, MonitorSettings.RETRIES_MAX, defaults.maxRetriesDown()),
                read.flag("ovn-service-port", defaults.ovnServicePort()));
    }

    private static int seconds(ConfigReader read, String key, int fallback) {
        var duration = read.duration(key, Duration.ofSeconds(fallback));
        if (duration.toMillis() % 1_000 != 0
                || duration.toSeconds() < 1
                || duration.toSeconds() > MonitorSettings.SECONDS_MAX) {
            read.fail(key, "must be whole seconds, 1s..1d");
            return fallback;
        }
        return (int) duration.toSeconds();
    }
}
