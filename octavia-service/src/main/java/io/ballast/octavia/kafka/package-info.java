/** The reconciler: wires the tables of the contract to the core. */
@NullMarked
package io.ballast.octavia.kafka;

import org.jspecify.annotations.NullMarked;
