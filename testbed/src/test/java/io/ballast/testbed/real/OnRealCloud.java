package io.ballast.testbed.real;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs with the cloud that OS_CLOUD names; without one it is skipped, and says so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnRealCloud.Condition.class)
public @interface OnRealCloud {
    /** Whether a cloud is given. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            var cloud = System.getenv("OS_CLOUD");
            if (cloud != null && !cloud.isEmpty()) {
                return ConditionEvaluationResult.enabled("OS_CLOUD is " + cloud);
            }
            var reason = "no cloud is given: OS_CLOUD must name one of clouds.yaml (OS_CLIENT_CONFIG_FILE)";
            if (context.getTestMethod().isEmpty()) {
                System.out.println(context.getDisplayName() + " is skipped, " + reason);
            }
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
