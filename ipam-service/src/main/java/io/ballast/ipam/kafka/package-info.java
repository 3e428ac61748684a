/** Between the tables of the topics and the core. */
@NullMarked
package io.ballast.ipam.kafka;

import org.jspecify.annotations.NullMarked;
