@NullMarked
package io.ballast.openstack;

import org.jspecify.annotations.NullMarked;
