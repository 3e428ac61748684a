@NullMarked
package io.ballast.testbed.layering.offenders.schemas;

import org.jspecify.annotations.NullMarked;
