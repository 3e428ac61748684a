"""A compute driver that boots nothing, but does to Neutron ports what Nova does.

Octavia's own driver without machines says nothing of the port that it attached, on which the network driver for a real
Neutron fails. Here attaching to a network makes a port there, attaching a port gives it to the instance, and the end of
an instance takes away what was made for it and lets go of the rest.
"""

import types

from octavia.common import clients, constants, data_models
from octavia.compute.drivers.noop_driver import driver
from oslo_config import cfg
from oslo_utils import uuidutils

OWNER = "compute:nova"
NO_ADDRESS = "192.0.2.1"


class PortsComputeDriver(driver.NoopComputeDriver):
    def __init__(self):
        super().__init__()
        self._client = None

    def _neutron(self):
        if self._client is None:
            conf = cfg.CONF.neutron
            self._client = clients.NeutronAuth.get_neutron_client(
                endpoint=conf.endpoint,
                region=conf.region_name,
                endpoint_type=conf.endpoint_type,
                service_name=conf.service_name,
                insecure=conf.insecure,
                ca_cert=conf.ca_certificates_file,
            )
        return self._client

    def _ports(self, compute_id):
        return self._neutron().list_ports(device_id=compute_id)["ports"]

    def _release(self, port):
        if port["device_owner"] == OWNER:
            self._neutron().delete_port(port["id"])
        else:
            self._neutron().update_port(port["id"], {"port": {"device_id": ""}})

    def build(self, *_, network_ids=(), port_ids=(), **__):
        compute_id = uuidutils.generate_uuid()
        for network_id in network_ids or ():
            self.attach_network_or_port(compute_id, network_id=network_id)
        for port_id in port_ids or ():
            self.attach_network_or_port(compute_id, port_id=port_id)
        return compute_id

    def delete(self, compute_id):
        for port in self._ports(compute_id):
            self._release(port)

    def get_amphora(self, compute_id, management_network_id=None):
        network_id = management_network_id or cfg.CONF.controller_worker.amp_boot_network_list[0]
        addresses = [
            fixed["ip_address"]
            for port in self._ports(compute_id)
            if port["network_id"] == network_id
            for fixed in port["fixed_ips"]
        ]
        amphora = data_models.Amphora(
            compute_id=compute_id,
            status=constants.ACTIVE,
            lb_network_ip=addresses[0] if addresses else NO_ADDRESS,
        )
        return amphora, None

    def attach_network_or_port(self, compute_id, network_id=None, ip_address=None, port_id=None):
        if port_id:
            port = self._neutron().update_port(port_id, {"port": {"device_id": compute_id}})["port"]
        else:
            wanted = {"network_id": network_id, "device_id": compute_id, "device_owner": OWNER}
            if ip_address:
                wanted["fixed_ips"] = [{"ip_address": ip_address}]
            port = self._neutron().create_port({"port": wanted})["port"]
        return types.SimpleNamespace(  # what Nova calls an interface
            port_id=port["id"], net_id=port["network_id"], fixed_ips=port["fixed_ips"], port_state=port["status"]
        )

    def detach_port(self, compute_id, port_id):
        self._release(self._neutron().show_port(port_id)["port"])
