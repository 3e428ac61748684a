/** The service that makes Octavia match and publishes what happened: wiring. */
@NullMarked
package io.ballast.octavia;

import org.jspecify.annotations.NullMarked;
