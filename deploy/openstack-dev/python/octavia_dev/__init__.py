"""Octavia as deploy/openstack-dev runs it: without virtual machines, and with what is broken in this release mended."""
