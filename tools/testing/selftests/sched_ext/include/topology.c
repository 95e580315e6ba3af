// SPDX-License-Identifier: GPL-2.0
/* The loader library reads the machine from sysfs: from made-up ones, and this one. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <scx/topology.h>
#include "../case.h"

static char root[128];

/* File @name, made with its folders, gets @text. */
__attribute__((format(printf, 2, 3)))
static void file(const char *text, const char *fmt, ...)
{
	char path[512], *slash;
	size_t len;
	va_list ap;
	FILE *f;

	len = snprintf(path, sizeof(path), "%s/", root);
	va_start(ap, fmt);
	vsnprintf(path + len, sizeof(path) - len, fmt, ap);
	va_end(ap);
	for (slash = path + len; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		CHECK(!mkdir(path, 0755) || errno == EEXIST, "%s: %s", path, strerror(errno));
	}
	f = fopen(path, "w");
	CHECK(f && fputs(text, f) >= 0 && fputc('\n', f) >= 0 && !fclose(f), "%s", path);
}

static void machine(const char *name)
{
	char tmp[] = "/tmp/scx-topology-XXXXXX";

	CHECK(mkdtemp(tmp), "%s", strerror(errno));
	snprintf(root, sizeof(root), "%s", tmp);
	t_note("%s", name);
}

static void cpu(int c, const char *siblings, int package, const char *l2, const char *l3)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", package);
	file(siblings, "cpu/cpu%d/topology/thread_siblings_list", c);
	file(text, "cpu/cpu%d/topology/physical_package_id", c);
	file("1", "cpu/cpu%d/cache/index0/level", c);
	file("Data", "cpu/cpu%d/cache/index0/type", c);
	file(siblings, "cpu/cpu%d/cache/index0/shared_cpu_list", c);
	file("2", "cpu/cpu%d/cache/index1/level", c);
	file("Unified", "cpu/cpu%d/cache/index1/type", c);
	file(l2, "cpu/cpu%d/cache/index1/shared_cpu_list", c);
	if (!l3)
		return;
	file("3", "cpu/cpu%d/cache/index2/level", c);
	file("Unified", "cpu/cpu%d/cache/index2/type", c);
	file(l3, "cpu/cpu%d/cache/index2/shared_cpu_list", c);
}

static void domain_is(const struct scx_topology *topo, u32 d, const char *cpus, u32 node)
{
	char buf[128];

	CHECK(d < topo->nr_domains, "%u domains only", topo->nr_domains);
	CHECK(!strcmp(scx_topology_cpulist(topo, d, buf, sizeof(buf)), cpus),
	      "domain %u has CPUs %s, not %s", d, buf, cpus);
	CHECK(topo->domains[d].node == node, "domain %u is in node %u, not %u", d,
	      topo->domains[d].node, node);
}

static void nearest_are(const struct scx_topology *topo, u32 d, u32 a, u32 b, u32 c)
{
	const u32 *n = topo->domains[d].nearest;

	CHECK(n[0] == a && n[1] == b && n[2] == c, "near domain %u are %u, %u, %u, not %u, %u, %u",
	      d, n[0], n[1], n[2], a, b, c);
}

/* Order of the CPUs in a domain. */
static void order_is(const struct scx_topology *topo, u32 d, const char *order)
{
	char buf[128] = "";
	u32 i;

	for (i = 0; i < topo->domains[d].nr_cpus; i++)
		snprintf(buf + strlen(buf), sizeof(buf) - strlen(buf), "%s%u", i ? " " : "",
			 topo->domains[d].cpus[i]);
	CHECK(!strcmp(buf, order), "the order of domain %u is %s, not %s", d, buf, order);
}

/*
 * Two packages of two caches each, of two cores with two threads; one node a cache,
 * 0, 1, 2 and 5; CPU 11 is offline, and so not told of.
 */
static void server(void)
{
	static const char *const siblings[] = { "0,8", "1,9", "2,10", "3", "4,12", "5,13", "6,14",
						"7,15" };
	static const char *const l3[] = { "0-1,8-9", "2-3,10", "4-5,12-13", "6-7,14-15" };
	struct scx_topology *topo;
	int c;

	machine("a server with a CPU offline");
	file("0-15", "cpu/possible");
	file("0-10,12-15", "cpu/online");
	for (c = 0; c < 16; c++)
		if (c != 11)
			cpu(c, siblings[c % 8], c % 8 / 4, siblings[c % 8], l3[c % 8 / 2]);
	file("0-2,5", "node/online");
	file("0-1,8-9", "node/node0/cpulist");
	file("2-3,10", "node/node1/cpulist");
	file("4-5,12-13", "node/node2/cpulist");
	file("6-7,14-15", "node/node5/cpulist");
	file("10 12 32 32", "node/node0/distance");
	file("12 10 32 32", "node/node1/distance");
	file("32 30 10 12", "node/node2/distance");
	file("32 32 12 10", "node/node5/distance");

	topo = scx_topology_read(root);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_cpu_ids == 16 && topo->nr_online == 15 && topo->nr_nodes == 6 &&
	      topo->nr_domains == 4 && topo->smt, "%u CPUs, %u online, %u nodes, %u domains%s",
	      topo->nr_cpu_ids, topo->nr_online, topo->nr_nodes, topo->nr_domains,
	      topo->smt ? ", SMT" : "");
	domain_is(topo, 0, "0-1,8-9", 0);
	domain_is(topo, 1, "2-3,10", 1);
	domain_is(topo, 2, "4-5,12-13", 2);
	domain_is(topo, 3, "6-7,14-15", 5);
	order_is(topo, 0, "0 1 8 9");
	CHECK(!topo->cpus[11].online && topo->cpus[11].domain == -1, "CPU 11 is somewhere");
	CHECK(topo->cpus[10].core == 2 && topo->cpus[3].core == 3, "cores are %u and %u",
	      topo->cpus[10].core, topo->cpus[3].core);
	nearest_are(topo, 0, 1, 2, 3);
	nearest_are(topo, 1, 0, 2, 3);
	nearest_are(topo, 2, 3, 1, 0);
	nearest_are(topo, 3, 2, 0, 1);
	scx_topology_free(topo);
}

/*
 * Two fast cores with two threads and four slow ones share a L3, two more slow ones
 * have nothing but a L2 of their own.
 */
static void hybrid(void)
{
	static const char *const siblings[] = { "0-1", "0-1", "2-3", "2-3", "4", "5", "6", "7",
						"8", "9" };
	struct scx_topology *topo;
	int c;

	machine("a hybrid");
	file("0-11", "cpu/possible");
	file("0-9", "cpu/online");
	for (c = 0; c < 10; c++) {
		cpu(c, siblings[c], 0, c < 4 ? siblings[c] : c < 8 ? "4-7" : "8-9",
		    c < 8 ? "0-7" : NULL);
		file(c < 4 ? "5000000" : "3800000", "cpu/cpu%d/cpufreq/cpuinfo_max_freq", c);
	}
	topo = scx_topology_read(root);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_domains == 2 && topo->nr_nodes == 1 && topo->nr_online == 10, "%u domains",
	      topo->nr_domains);
	domain_is(topo, 0, "0-7", 0);
	domain_is(topo, 1, "8-9", 0);
	order_is(topo, 0, "0 2 1 3 4 5 6 7");
	scx_topology_free(topo);
}

/* Nothing is said of caches; a cache that spans two nodes; nothing at all. */
static void sparse(void)
{
	struct scx_topology *topo;
	int c;

	machine("no caches: domains are packages");
	file("0-3", "cpu/possible");
	file("0-3", "cpu/online");
	for (c = 0; c < 4; c++)
		file(c < 2 ? "0-1" : "2-3", "cpu/cpu%d/topology/package_cpus_list", c);
	topo = scx_topology_read(root);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_domains == 2 && !topo->smt, "%u domains", topo->nr_domains);
	domain_is(topo, 0, "0-1", 0);
	domain_is(topo, 1, "2-3", 0);
	scx_topology_free(topo);

	file("0-1", "node/online");
	file("0,2", "node/node0/cpulist");
	file("1,3", "node/node1/cpulist");
	topo = scx_topology_read(root);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_domains == 4, "%u domains in two packages that span two nodes",
	      topo->nr_domains);
	scx_topology_free(topo);

	machine("no topology: one domain");
	file("0-3", "cpu/possible");
	file("0,2-3", "cpu/online");
	topo = scx_topology_read(root);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_domains == 1, "%u domains", topo->nr_domains);
	domain_is(topo, 0, "0,2-3", 0);
	scx_topology_free(topo);

	machine("nothing at all");
	CHECK(!scx_topology_read(root) && errno == ENOENT, "a machine without CPUs was read: %s",
	      strerror(errno));
	file("0-99999999", "cpu/possible");
	CHECK(!scx_topology_read(root), "a machine with too many CPUs was read");
}

static void run(void)
{
	struct scx_topology *topo;

	server();
	hybrid();
	sparse();

	topo = scx_topology_read(NULL);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_online == nr_cpus() && topo->nr_domains, "%u CPUs, %u domains",
	      topo->nr_online, topo->nr_domains);
	scx_topology_free(topo);
}
SCX_CASE(run, "the library knows caches and nodes", .any_kernel = true);
