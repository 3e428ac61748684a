@NullMarked
package io.ballast.octavia.openstack;

import org.jspecify.annotations.NullMarked;
