package io.ballast.testbed.layering.offenders.watcher.snapshot;

import java.net.Socket;

/** A core that talks. */
interface Dialler {
    Socket dial();
}
