/**
 * The records that travel on the topics, as plain Java records that import {@code java.*} only, so that a core may use
 * them. Each top-level record has an Avro schema of its name; a test holds the two together.
 */
@NullMarked
package io.ballast.schemas.contract;

import org.jspecify.annotations.NullMarked;
