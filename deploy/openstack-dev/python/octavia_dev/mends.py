"""What is changed in the Octavia of Debian 12 (11.0.0, ovn provider 3.0.0) before it runs."""

import functools
import os

from octavia.common import constants
from octavia.compute.drivers.noop_driver import driver as noop_compute
from octavia_lib.api.drivers import driver_lib

from octavia_dev import compute


def sockets():
    """The ovn provider never says where the sockets of the driver agent are, so that of two stacks on a machine one would
    write into the other's database. Where it does not say, those of this stack are meant."""
    folder = os.environ["OPENSTACK_DEV_RUN"]
    driver_lib.DriverLibrary.__init__.__defaults__ = tuple(
        f"{folder}/octavia-{name}.sock" for name in ("status", "stats", "get")
    )


def machines():
    """compute_noop_driver, under its name in the configuration, with ports."""
    noop_compute.NoopComputeDriver = compute.PortsComputeDriver


def created_at_once():
    """A load balancer that is created together with its listeners becomes ACTIVE while they stay PENDING_CREATE: the worker
    drops the options of the flow, and the flow it should run lacks the task that provides one of its inputs."""
    from octavia.controller.worker.v2 import controller_worker
    from octavia.controller.worker.v2.flows import load_balancer_flows
    from octavia.controller.worker.v2.tasks import network_tasks

    run_flow = controller_worker.ControllerWorker.run_flow
    listeners_flow = load_balancer_flows.LoadBalancerFlows._create_listeners_flow

    def with_options(self, flow, *arguments, store=None, **options):
        return run_flow(self, functools.partial(flow, **options), *arguments, store=store)

    def with_network_configs(self):
        reload, *others = listeners_flow(self)
        configs = network_tasks.GetAmphoraeNetworkConfigs(
            name="network-configs-of-all-listeners",
            requires=constants.LOADBALANCER_ID,
            provides=constants.AMPHORAE_NETWORK_CONFIG,
        )
        return [reload, configs, *others]

    controller_worker.ControllerWorker.run_flow = with_options
    load_balancer_flows.LoadBalancerFlows._create_listeners_flow = with_network_configs
