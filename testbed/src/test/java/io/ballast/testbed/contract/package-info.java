/** What we believe of Keystone, Neutron and Octavia, stated on the wire: of the model, and of a real cloud. */
@NullMarked
package io.ballast.testbed.contract;

import org.jspecify.annotations.NullMarked;
