/** Checks of the manifests in deploy/. */
@NullMarked
package io.ballast.testbed.deploy;

import org.jspecify.annotations.NullMarked;
