/** A thin OpenStack client: requests and replies as data, so that a model can take the place of a cloud. */
@NullMarked
package io.ballast.openstack;

import org.jspecify.annotations.NullMarked;
