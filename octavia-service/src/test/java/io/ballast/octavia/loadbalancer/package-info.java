@NullMarked
package io.ballast.octavia.loadbalancer;

import org.jspecify.annotations.NullMarked;
