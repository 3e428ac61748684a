/** Configuration that is read once, whole and strictly: one YAML file, overlaid with the environment. */
@NullMarked
package io.ballast.runtime.config;

import org.jspecify.annotations.NullMarked;
