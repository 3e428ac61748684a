package io.ballast.testbed.layering.offenders.schemas;

import io.ballast.testbed.layering.offenders.runtime.shell.Talker;

/** The contract, knowing what is above it. */
interface Upwards {
    Talker talker();
}
