/** Who holds which address: commands are decided into events, and events alone change the ledger. Imports {@code java.*} and the contract only. */
@NullMarked
package io.ballast.ipam.allocation;

import org.jspecify.annotations.NullMarked;
