/** The ipam-service: configuration and wiring. */
@NullMarked
package io.ballast.ipam;

import org.jspecify.annotations.NullMarked;
