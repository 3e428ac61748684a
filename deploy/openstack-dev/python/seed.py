"""Fills the cloud; what is there is kept.

seed.py identity URL_OF_NEUTRON URL_OF_OCTAVIA   roles, projects, users, catalogue
seed.py networks                                 the external network, and the network of amphorae, whose id is printed
seed.py dhcp on|off                              of the subnets of pods
"""

import sys

import openstack

REGION = "RegionOne"
PASSWORD = "secret"
LOAD_BALANCER_ROLES = ["member", "observer", "admin", "global_observer", "quota_admin"]
# user: (project, roles)
USERS = {
    "neutron": ("service", ["admin", "service"]),
    "octavia": ("service", ["admin", "service"]),
    "k8s": ("k8s", ["member", "load-balancer_member"]),
    "nolb": ("k8s", ["member"]),
    "observer": ("k8s", ["reader", "load-balancer_observer"]),
}
POD_SUBNETS = ["k8s-pod-subnet", "k8s-pod-subnet-v6"]


def identity(cloud, neutron, octavia):
    keystone = cloud.identity
    roles = {role.name: role for role in keystone.roles()}
    wanted = {role for _, granted in USERS.values() for role in granted}
    for name in sorted(wanted | {f"load-balancer_{each}" for each in LOAD_BALANCER_ROLES}):
        roles[name] = roles.get(name) or keystone.create_role(name=name)
    for name, (project_name, granted) in USERS.items():
        project = keystone.find_project(project_name) or keystone.create_project(name=project_name, domain_id="default")
        user = keystone.find_user(name) or keystone.create_user(
            name=name, domain_id="default", password=PASSWORD, default_project_id=project.id
        )
        for role in granted:
            keystone.assign_project_role_to_user(project, user, roles[role])
    catalogue(keystone, "neutron", "network", neutron)
    catalogue(keystone, "octavia", "load-balancer", octavia)


def catalogue(keystone, name, kind, url):
    service = keystone.find_service(name) or keystone.create_service(name=name, type=kind)
    present = {endpoint.interface: endpoint for endpoint in keystone.endpoints(service_id=service.id)}
    for interface in ("public", "internal", "admin"):
        endpoint = present.get(interface)
        if endpoint is None:
            keystone.create_endpoint(service_id=service.id, interface=interface, url=url, region_id=REGION)
        elif endpoint.url != url:
            keystone.update_endpoint(endpoint, url=url)


def networks(cloud):
    neutron = cloud.network
    public = neutron.find_network("public") or neutron.create_network(
        name="public",
        is_router_external=True,
        provider_network_type="flat",
        provider_physical_network="public",
    )
    if not neutron.find_subnet("public-subnet"):
        neutron.create_subnet(
            name="public-subnet",
            network_id=public.id,
            ip_version=4,
            cidr="172.24.4.0/24",
            gateway_ip="172.24.4.1",
            is_dhcp_enabled=False,
            allocation_pools=[{"start": "172.24.4.2", "end": "172.24.4.254"}],
        )
    amphorae = neutron.find_network("lb-mgmt-net") or neutron.create_network(name="lb-mgmt-net")
    if not neutron.find_subnet("lb-mgmt-subnet"):
        neutron.create_subnet(
            name="lb-mgmt-subnet", network_id=amphorae.id, ip_version=4, cidr="192.168.0.0/16", is_dhcp_enabled=False
        )
    print(amphorae.id)


def dhcp(cloud, wanted):
    for name in POD_SUBNETS:
        subnet = cloud.network.find_subnet(name)
        if subnet and subnet.is_dhcp_enabled != (wanted == "on"):
            cloud.network.update_subnet(subnet, is_dhcp_enabled=wanted == "on")


if __name__ == "__main__":
    steps = {step.__name__: step for step in (identity, networks, dhcp)}
    steps[sys.argv[1]](openstack.connect(cloud="admin"), *sys.argv[2:])
