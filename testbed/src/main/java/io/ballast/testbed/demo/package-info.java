/** The story that {@code ballast demo} tells: apply, scale, kill, delete, and look whether OpenStack is as it must be. */
@NullMarked
package io.ballast.testbed.demo;

import org.jspecify.annotations.NullMarked;
