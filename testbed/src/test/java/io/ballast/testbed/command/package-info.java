@NullMarked
package io.ballast.testbed.command;

import org.jspecify.annotations.NullMarked;
