package io.ballast.testbed.layering.offenders.runtime.shell;

import org.slf4j.Logger;

/** A shell that logs. */
public interface Talker {
    Logger logger();
}
