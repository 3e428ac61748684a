package io.ballast.testbed.layering.offenders.watcher.snapshot;

import inet.ipaddr.IPAddressString;

/** A core with a reader of addresses of its own. */
interface Parser {
    IPAddressString read();
}
