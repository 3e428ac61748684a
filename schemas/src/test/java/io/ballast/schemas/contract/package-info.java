@NullMarked
package io.ballast.schemas.contract;

import org.jspecify.annotations.NullMarked;
