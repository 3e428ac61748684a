/** The watcher on a Kubernetes API: informers, live reads and writes. fabric8 types stay in here. */
@NullMarked
package io.ballast.watcher.kubernetes;

import org.jspecify.annotations.NullMarked;
