/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine as sysfs describes it: CPUs, the cores and caches they share, nodes.
 *
 *	struct scx_topology *topo = scx_topology_read(NULL);
 *
 *	for (d = 0; d < topo->nr_domains; d++)
 *		for (i = 0; i < topo->domains[d].nr_cpus; i++)
 *			use(topo->domains[d].cpus[i]);
 *	scx_topology_free(topo);
 *
 * A domain is the CPUs that share their last-level cache and are in one node.  A
 * CPU without information on caches belongs to the domain of its package.  Only
 * online CPUs are in a domain: read it again when CPUs come or go, which a
 * scheduler does by itself, as it is restarted then.
 */
#ifndef __SCX_TOPOLOGY_H
#define __SCX_TOPOLOGY_H

#include <stdbool.h>
#include "types.h"

/*
 * @online: all else is only valid if it is
 * @domain: index of its domain, -1 offline
 * @core: lowest CPU of its core
 * @node: id of its NUMA node, 0 if there are none
 * @package: id of its package
 * @speed: its capacity, or highest frequency, to be compared with other CPUs' only;
 *	0 if not known
 */
struct scx_topology_cpu {
	bool online;
	s32 domain;
	u32 core;
	u32 node;
	s32 package;
	u64 speed;

	/* of the reader alone: the lowest CPU with which it shares the cache */
	u32 llc;
};

/*
 * @cpus: the fastest first; equally fast ones by number, but the first CPUs of all
 *	cores before the second
 * @nearest: the other domains (nr_domains - 1 of them), nearest first: by distance
 *	of the nodes, then those of the same package; among equals the next ones by
 *	number, so that not all look at the same one first
 */
struct scx_topology_domain {
	u32 nr_cpus;
	u32 *cpus;
	u32 node;
	s32 package;
	u32 *nearest;
};

/*
 * @nr_cpu_ids: one more than the highest number of a possible CPU
 * @nr_nodes: one more than the highest id of a node
 * @smt: some core has more than one CPU online
 * @cpus: by number
 * @domains: by their lowest CPU
 */
struct scx_topology {
	u32 nr_cpu_ids;
	u32 nr_online;
	u32 nr_nodes;
	u32 nr_domains;
	bool smt;
	struct scx_topology_cpu *cpus;
	struct scx_topology_domain *domains;
};

/*
 * Reads it from directory @system, "/sys/devices/system" if that is NULL.  NULL,
 * with errno set, if there is no list of CPUs or no memory; whatever else is missing
 * has a default.
 */
struct scx_topology *scx_topology_read(const char *system);

void scx_topology_free(struct scx_topology *topo);

/* The CPUs of domain @d as sysfs would list them, e.g. "0-3,8-11". */
const char *scx_topology_cpulist(const struct scx_topology *topo, u32 d, char *buf, size_t len);

#endif /* __SCX_TOPOLOGY_H */
