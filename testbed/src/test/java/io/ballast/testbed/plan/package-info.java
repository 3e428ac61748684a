@NullMarked
package io.ballast.testbed.plan;

import org.jspecify.annotations.NullMarked;
