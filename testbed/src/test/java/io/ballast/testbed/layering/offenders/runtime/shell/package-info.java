@NullMarked
package io.ballast.testbed.layering.offenders.runtime.shell;

import org.jspecify.annotations.NullMarked;
