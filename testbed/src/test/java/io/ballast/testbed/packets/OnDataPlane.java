package io.ballast.testbed.packets;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs where packets flow: as root, with the cloud of {@code deploy/openstack-dev} and its data plane; else it is skipped, and says so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnDataPlane.Condition.class)
@interface OnDataPlane {
    /** Whether they flow. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            var reason = missing();
            if (reason.isPresent() && context.getTestMethod().isEmpty()) {
                System.out.println(context.getDisplayName() + " is skipped, " + reason.get());
            }
            return reason.map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("packets flow"));
        }

        private static Optional<String> missing() {
            for (var variable : new String[] {"OS_CLOUD", "OS_CLIENT_CONFIG_FILE"}) {
                if (System.getenv(variable) == null) {
                    return Optional.of("no cloud is given: " + variable + " is not set");
                }
            }
            if (!System.getProperty("user.name").equals("root")) {
                return Optional.of("pods are network namespaces, which only root makes");
            }
            return DataPlane.isUp()
                    ? Optional.empty()
                    : Optional.of("no packets flow: deploy/openstack-dev/dataplane up starts them");
        }
    }
}
