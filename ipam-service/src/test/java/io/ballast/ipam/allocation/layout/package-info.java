@NullMarked
package io.ballast.ipam.allocation.layout;

import org.jspecify.annotations.NullMarked;
