"""
moto's server, with what it lacks of ElastiCache: it names the members of a replication group, but does not make them, and neither
removes the group nor its subnet group.
"""

import inspect
import sys

from moto.core.responses import EmptyResult
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.server import main

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


ElastiCacheBackend.create_replication_group = create_with_members
ElastiCacheBackend.delete_replication_group = delete_with_members
ElastiCacheResponse.delete_cache_subnet_group = delete_cache_subnet_group
main(sys.argv[1:])
