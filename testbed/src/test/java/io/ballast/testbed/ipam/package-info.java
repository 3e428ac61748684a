@NullMarked
package io.ballast.testbed.ipam;

import org.jspecify.annotations.NullMarked;
