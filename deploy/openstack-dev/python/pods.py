"""The Neutron port of a pod.

pods.py add DEVICE NAME NETWORK HOST IP|- GROUP...   makes it, or finds it; prints the port's id, its MAC address and, for
                                                     each address: address/prefix gateway
pods.py remove DEVICE...                             deletes those, and prints their ids
"""

import sys

import openstack

PROJECT = "k8s"


def add(neutron, project, device, name, network_name, host, ip, *group_names):
    port = next(neutron.ports(device_id=device), None)
    network = neutron.find_network(network_name, ignore_missing=False)
    subnets = {subnet.id: subnet for subnet in neutron.subnets(network_id=network.id)}
    if port is None:
        groups = [neutron.find_security_group(each, ignore_missing=False, project_id=project).id for each in group_names]
        port = neutron.create_port(
            name=name,
            project_id=project,
            network_id=network.id,
            fixed_ips=[fixed(subnet, ip) for subnet in subnets.values()],
            security_groups=groups,
            device_id=device,
            device_owner="compute:nova",
            binding_host_id=host,
        )
    print(port.id, port.mac_address)
    for each in port.fixed_ips:
        subnet = subnets[each["subnet_id"]]
        prefix = subnet.cidr.split("/")[1]
        print(f"{each['ip_address']}/{prefix}", subnet.gateway_ip)


def fixed(subnet, ip):
    wanted = {"subnet_id": subnet.id}
    if ip != "-" and (":" in ip) == (subnet.ip_version == 6):
        wanted["ip_address"] = ip
    return wanted


def remove(neutron, _, *devices):
    for port in neutron.ports(device_id=list(devices)):
        neutron.delete_port(port)
        print(port.id)


if __name__ == "__main__":
    cloud = openstack.connect(cloud="admin")
    steps = {step.__name__: step for step in (add, remove)}
    steps[sys.argv[1]](cloud.network, cloud.identity.find_project(PROJECT).id, *sys.argv[2:])
