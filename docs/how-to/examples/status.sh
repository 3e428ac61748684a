#!/usr/bin/env bash
# Every committed status in the topic, one line each: key, then JSON; a tombstone has an empty value.
# Usage: status.sh BOOTSTRAP [PREFIX]. Needs kcat.
set -euo pipefail
kcat -q -C -e -b "$1" -t "${2:-ballast.}load-balancer-status.json" -o beginning -X isolation.level=read_committed -f '%k\t%s\n'
