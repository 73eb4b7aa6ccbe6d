"""
moto's server, with what it lacks. Of ElastiCache: it names the members of a replication group, but does not make them, and neither
removes the group nor its subnet group. Of EC2: a customer gateway forgets the name of its device, an attachment of a transit gateway
its tags, and it is gone at once instead of deleted; all VPN connections have the same two tunnels, whatever was asked for; and route
tables learn nothing. And it answers one request at a time, each once: on a busy machine an answer may be lost, after which the SDK
asks again, by the same number, and was told then that what it had just removed was never there.
"""

import inspect
import sys
from ipaddress import ip_network
from threading import Lock

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpn_connections import VPNConnection
from moto.ec2.responses.customer_gateways import CustomerGateways
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment
from moto.ec2.responses.vpn_connections import VPNConnections
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main
from werkzeug.test import run_wsgi_app

create, delete = ElastiCacheBackend.create_replication_group, ElastiCacheBackend.delete_replication_group
SETTINGS = set(inspect.signature(ElastiCacheBackend.create_cache_cluster).parameters) - {"self", "cache_cluster_id"}


def create_with_members(self, **asked):
    # Without cluster mode moto takes the number of members from here.
    group = create(self, **{**asked, "replicas_per_node_group": (asked["num_cache_clusters"] or 1) - 1})
    settings = {**{key: asked.get(key) for key in SETTINGS}, "num_cache_nodes": 1}
    for member in group.member_clusters:
        cluster = self.create_cache_cluster(member, **settings)
        cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
        cluster.security_groups = [
            {"security_group_id": group_id, "status": "active"} for group_id in asked["security_group_ids"] or []
        ]
    return group


def delete_with_members(self, **asked):
    group = delete(self, **asked)
    del self.replication_groups[group.replication_group_id]
    for member in group.member_clusters:
        del self.cache_clusters[member]
    return group


def delete_cache_subnet_group(self):
    del self.elasticache_backend.cache_subnet_groups[self._get_param("CacheSubnetGroupName")]
    return EmptyResult()


answer_customer_gateway = CustomerGateways.create_customer_gateway


def answer_with_device(self):
    answer = answer_customer_gateway(self)
    answer.result["CustomerGateway"].device_name = self._get_param("DeviceName")
    return answer


attach = TransitGatewayAttachment.create_transit_gateway_vpc_attachment


def attach_with_tags(self):
    answer = attach(self)
    tags = self._parse_tag_specification().get("transit-gateway-attachment", {})
    answer.result["TransitGatewayVpcAttachment"].add_tags(tags)
    return answer


detach = EC2Backend.delete_transit_gateway_vpc_attachment


def detach_visibly(self, transit_gateway_attachment_id):
    attachment = detach(self, transit_gateway_attachment_id)
    self.transit_gateway_attachments[transit_gateway_attachment_id] = attachment
    return attachment


answer_vpn_connection = VPNConnections.create_vpn_connection
DEFAULTS = {"EnableAcceleration": False, "StaticRoutesOnly": False, "TunnelInsideIpVersion": "ipv4"}
TUNNEL = """
  <ipsec_tunnel>
    <customer_gateway>
      <tunnel_outside_address><ip_address>{peer}</ip_address></tunnel_outside_address>
      <tunnel_inside_address><ip_address>{inside[2]}</ip_address></tunnel_inside_address>
      <bgp><asn>{peer_asn}</asn><hold_time>30</hold_time></bgp>
    </customer_gateway>
    <vpn_gateway>
      <tunnel_outside_address><ip_address>{outside}</ip_address></tunnel_outside_address>
      <tunnel_inside_address><ip_address>{inside[1]}</ip_address></tunnel_inside_address>
      <bgp><asn>64512</asn><hold_time>30</hold_time></bgp>
    </vpn_gateway>
    <ike><pre_shared_key>{key}</pre_shared_key></ike>
  </ipsec_tunnel>"""


def as_answered(tunnel):
    # What is asked for as DPDTimeoutSeconds is answered as DpdTimeoutSeconds.
    return {key.replace("DPD", "Dpd").replace("IKE", "Ike"): value for key, value in tunnel.items()}


def answer_with_tunnels(self):
    answer = answer_vpn_connection(self)
    connection = answer.result["VpnConnection"]
    number = len(self.ec2_backend.vpn_connections)
    options = {**DEFAULTS, **(self._get_param("Options") or {})}
    options["TunnelOptions"] = [
        {**as_answered(tunnel), "OutsideIpAddress": f"203.0.113.{2 * number + i}"}
        for i, tunnel in enumerate(options.get("TunnelOptions", []))
    ]
    connection.options = options
    return answer


def configuration(self):
    peer = self.ec2_backend.get_customer_gateway(self.customer_gateway_id)
    tunnels = [
        TUNNEL.format(
            peer=peer.ip_address,
            peer_asn=peer.bgp_asn,
            outside=tunnel["OutsideIpAddress"],
            inside=ip_network(tunnel["TunnelInsideCidr"]),
            key=tunnel["PreSharedKey"],
        )
        for tunnel in self.options["TunnelOptions"]
    ]
    return f'<vpn_connection id="{self.id}">{"".join(tunnels)}\n</vpn_connection>'


def modify_vpn_tunnel_options(self):
    [connection] = self.ec2_backend.describe_vpn_connections([self._get_param("VpnConnectionId")])
    address = self._get_param("VpnTunnelOutsideIpAddress")
    [tunnel] = [one for one in connection.options["TunnelOptions"] if one["OutsideIpAddress"] == address]
    tunnel.update(as_answered(self._get_param("TunnelOptions")))
    return ActionResult({"VpnConnection": connection})


def enable_vgw_route_propagation(self):
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    table.propagating_vgws = [{"GatewayId": self._get_param("GatewayId")}]
    return EmptyResult()


def disable_vgw_route_propagation(self):
    self.ec2_backend.get_route_table(self._get_param("RouteTableId")).propagating_vgws = []
    return EmptyResult()


serve = DomainDispatcherApplication.__call__
one_at_a_time = Lock()
answers = {}


def serve_once(self, environ, start_response):
    number = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
    with one_at_a_time:
        known = answers.get(number)
        if known is None:
            parts, status, headers = run_wsgi_app(lambda *asked: serve(self, *asked), environ, buffered=True)
            known = b"".join(parts), status, list(headers)
            if number is not None and not status.startswith("5"):
                answers[number] = known
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body, status, headers = known
    start_response(status, headers)
    return [body]


DomainDispatcherApplication.__call__ = serve_once
CustomerGateways.create_customer_gateway = answer_with_device
TransitGatewayAttachment.create_transit_gateway_vpc_attachment = attach_with_tags
EC2Backend.delete_transit_gateway_vpc_attachment = detach_visibly
VPNConnection.customer_gateway_configuration = property(configuration)
VPNConnections.create_vpn_connection = answer_with_tunnels
VPNConnections.modify_vpn_tunnel_options = modify_vpn_tunnel_options
RouteTables.enable_vgw_route_propagation = enable_vgw_route_propagation
RouteTables.disable_vgw_route_propagation = disable_vgw_route_propagation
ElastiCacheBackend.create_replication_group = create_with_members
ElastiCacheBackend.delete_replication_group = delete_with_members
ElastiCacheResponse.delete_cache_subnet_group = delete_cache_subnet_group
main(sys.argv[1:])
