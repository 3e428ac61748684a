/** The directions in which imports may point, checked over the class files of every module. */
@NullMarked
package io.ballast.testbed.layering;

import org.jspecify.annotations.NullMarked;
