"""python3 -m octavia_dev.run worker|driver_agent [--stock] OPTIONS: that program of Octavia, mended; --stock leaves its flows as they are."""

import importlib
import sys

from octavia_dev import mends


def main():
    name, *options = sys.argv[1:]
    mends.sockets()
    mends.machines()
    if "--stock" in options:
        options.remove("--stock")
    elif name == "worker":
        mends.created_at_once()
    module = importlib.import_module("octavia.cmd." + {"worker": "octavia_worker"}.get(name, name))
    sys.argv = ["octavia-" + name.replace("_", "-"), *options]
    return module.main()


if __name__ == "__main__":
    sys.exit(main())
