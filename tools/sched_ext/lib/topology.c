// SPDX-License-Identifier: GPL-2.0
/*
 * Reads CPUs, cores, last-level caches and nodes from sysfs.
 *
 * What is read is trusted no further than it must be: kernels, firmware and virtual
 * machines leave files out, CPUs without a cache directory are common, and numbers
 * have holes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <scx/topology.h>

/* Beyond any machine; a larger number in a list is nonsense. */
#define MAX_ID	(1 << 16)

/* What the kernel takes for the distance of a node to others if nobody says. */
#define DISTANCE_SAME	10
#define DISTANCE_OTHER	20

/* Reads a line from a file below @dir; its length, or -1. */
__attribute__((format(printf, 4, 5)))
static ssize_t read_line(const char *dir, char **line, size_t *size, const char *fmt, ...)
{
	char file[128], path[4096];
	ssize_t len = -1;
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(file, sizeof(file), fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "re");
	if (f) {
		len = getline(line, size, f);
		fclose(f);
	}
	return len;
}

/* A number from a file below @dir, @dfl if it is not there or is none. */
#define read_number(dir, dfl, fmt, ...)						\
({										\
	char *___line = NULL, *___end;						\
	long long ___val = (dfl);						\
	size_t ___size = 0;							\
										\
	if (read_line(dir, &___line, &___size, fmt, ##__VA_ARGS__) > 0) {	\
		long long ___got = strtoll(___line, &___end, 10);		\
										\
		if (___end != ___line)						\
			___val = ___got;					\
	}									\
	free(___line);								\
	___val;									\
})

/*
 * The next range of a list such as "0-3,8,10-11\n"; moves @list behind it.  False at
 * its end, or where it is no list.
 */
static bool next_range(const char **list, u32 *first, u32 *last)
{
	unsigned long from, to;
	char *end;

	while (**list == ',')
		(*list)++;
	if (**list < '0' || **list > '9')
		return false;
	from = to = strtoul(*list, &end, 10);
	if (*end == '-')
		to = strtoul(end + 1, &end, 10);
	*list = end;
	if (from > to || to >= MAX_ID)
		return false;
	*first = from;
	*last = to;
	return true;
}

/* The lowest number in a list file below @dir, @dfl if there is none. */
#define read_lowest(dir, dfl, fmt, ...)						\
({										\
	u32 ___first, ___last, ___val = (dfl);					\
	char *___line = NULL;							\
	size_t ___size = 0;							\
										\
	if (read_line(dir, &___line, &___size, fmt, ##__VA_ARGS__) > 0) {	\
		const char *___list = ___line;					\
										\
		if (next_range(&___list, &___first, &___last))			\
			___val = ___first;					\
	}									\
	free(___line);								\
	___val;									\
})

static int read_cpus(struct scx_topology *topo, const char *dir)
{
	u32 first, last, c;
	const char *list;
	char *line = NULL;
	size_t size = 0;

	if (read_line(dir, &line, &size, "cpu/possible") <= 0)
		goto none;
	for (list = line; next_range(&list, &first, &last);)
		topo->nr_cpu_ids = last + 1;
	if (!topo->nr_cpu_ids)
		goto none;
	topo->cpus = calloc(topo->nr_cpu_ids, sizeof(*topo->cpus));
	if (!topo->cpus)
		goto no_memory;
	for (c = 0; c < topo->nr_cpu_ids; c++)
		topo->cpus[c].domain = -1;

	if (read_line(dir, &line, &size, "cpu/online") <= 0)
		goto none;
	for (list = line; next_range(&list, &first, &last);)
		for (c = first; c <= last && c < topo->nr_cpu_ids; c++) {
			topo->cpus[c].online = true;
			topo->nr_online++;
		}
	if (!topo->nr_online)
		goto none;
	free(line);
	return 0;
none:
	free(line);
	errno = ENOENT;
	return -1;
no_memory:
	free(line);
	errno = ENOMEM;
	return -1;
}

static void read_nodes(struct scx_topology *topo, const char *dir)
{
	u32 first, last, n, cpu_first, cpu_last, c;
	char *nodes = NULL, *cpus = NULL;
	size_t size = 0, cpus_size = 0;
	const char *list, *cpu_list;

	topo->nr_nodes = 1;
	if (read_line(dir, &nodes, &size, "node/online") <= 0)
		goto out;
	for (list = nodes; next_range(&list, &first, &last);)
		for (n = first; n <= last; n++) {
			topo->nr_nodes = n + 1;
			if (read_line(dir, &cpus, &cpus_size, "node/node%u/cpulist", n) <= 0)
				continue;
			for (cpu_list = cpus; next_range(&cpu_list, &cpu_first, &cpu_last);)
				for (c = cpu_first; c <= cpu_last && c < topo->nr_cpu_ids; c++)
					topo->cpus[c].node = n;
		}
out:
	free(nodes);
	free(cpus);
}

/* The lowest CPU that shares the highest cache of @c which holds data. */
static u32 read_llc(const struct scx_topology *topo, const char *dir, u32 c)
{
	long long level, highest = 0;
	u32 llc = c, i;

	for (i = 0; ; i++) {
		char *type = NULL;
		size_t size = 0;
		bool code;

		level = read_number(dir, 0, "cpu/cpu%u/cache/index%u/level", c, i);
		if (level <= 0)
			break;
		code = read_line(dir, &type, &size, "cpu/cpu%u/cache/index%u/type", c, i) > 0 &&
		       !strncmp(type, "Instruction", strlen("Instruction"));
		free(type);
		if (code || level < highest)
			continue;
		highest = level;
		llc = read_lowest(dir, c, "cpu/cpu%u/cache/index%u/shared_cpu_list", c, i);
	}
	if (highest)
		return llc;

	/* nothing is said about caches: the package, else the whole machine */
	llc = read_lowest(dir, MAX_ID, "cpu/cpu%u/topology/package_cpus_list", c);
	if (llc == MAX_ID)
		llc = read_lowest(dir, 0, "cpu/cpu%u/topology/core_siblings_list", c);
	return llc;
}

static void read_cpu(struct scx_topology *topo, const char *dir, u32 c)
{
	struct scx_topology_cpu *cpu = &topo->cpus[c];

	cpu->core = read_lowest(dir, c, "cpu/cpu%u/topology/thread_siblings_list", c);
	if (cpu->core != c)
		topo->smt = true;
	cpu->package = read_number(dir, 0, "cpu/cpu%u/topology/physical_package_id", c);
	cpu->speed = read_number(dir, 0, "cpu/cpu%u/cpu_capacity", c);
	if (!cpu->speed)
		cpu->speed = read_number(dir, 0, "cpu/cpu%u/cpufreq/cpuinfo_max_freq", c);
	cpu->llc = read_llc(topo, dir, c);
}

/* In front come faster CPUs, then the first ones of their cores. */
static bool cpu_before(const struct scx_topology *topo, u32 a, u32 b)
{
	const struct scx_topology_cpu *ca = &topo->cpus[a], *cb = &topo->cpus[b];

	if (ca->speed != cb->speed)
		return ca->speed > cb->speed;
	if ((ca->core == a) != (cb->core == b))
		return ca->core == a;
	return a < b;
}

/* Insertion keeps what is equal in order, and a domain has few CPUs. */
static void domain_add_cpu(struct scx_topology *topo, struct scx_topology_domain *dom, u32 c)
{
	u32 i = dom->nr_cpus++;

	for (; i && cpu_before(topo, c, dom->cpus[i - 1]); i--)
		dom->cpus[i] = dom->cpus[i - 1];
	dom->cpus[i] = c;
}

/* The first domain of a CPU's cache and node, or -1. */
static s32 find_domain(const struct scx_topology *topo, const struct scx_topology_cpu *cpu)
{
	const struct scx_topology_domain *dom;
	u32 d;

	for (d = 0; d < topo->nr_domains; d++) {
		dom = &topo->domains[d];
		if (topo->cpus[dom->cpus[0]].llc == cpu->llc && dom->node == cpu->node)
			return d;
	}
	return -1;
}

static int make_domains(struct scx_topology *topo)
{
	struct scx_topology_domain *dom;
	u32 c;

	topo->domains = calloc(topo->nr_online, sizeof(*topo->domains));
	if (!topo->domains)
		return -1;
	for (c = 0; c < topo->nr_cpu_ids; c++) {
		struct scx_topology_cpu *cpu = &topo->cpus[c];

		if (!cpu->online)
			continue;
		cpu->domain = find_domain(topo, cpu);
		if (cpu->domain < 0) {
			dom = &topo->domains[topo->nr_domains];
			dom->cpus = calloc(topo->nr_online, sizeof(*dom->cpus));
			if (!dom->cpus)
				return -1;
			dom->node = cpu->node;
			dom->package = cpu->package;
			cpu->domain = topo->nr_domains++;
		}
		domain_add_cpu(topo, &topo->domains[cpu->domain], c);
	}
	return 0;
}

/* The distances of node @a, one for each online node in the order of their ids. */
static void read_distances_of(const struct scx_topology *topo, const char *dir, u32 a,
			      const char *nodes, u32 *distance)
{
	u32 first, last, b;
	char *line = NULL, *pos, *end;
	size_t size = 0;

	for (b = 0; b < topo->nr_nodes; b++)
		distance[b] = a == b ? DISTANCE_SAME : DISTANCE_OTHER;
	if (read_line(dir, &line, &size, "node/node%u/distance", a) <= 0)
		goto out;
	for (pos = line; next_range(&nodes, &first, &last);)
		for (b = first; b <= last && b < topo->nr_nodes; b++) {
			long val = strtol(pos, &end, 10);

			if (end == pos)
				goto out;
			distance[b] = val;
			pos = end;
		}
out:
	free(line);
}

/* A table of nr_nodes rows and columns, by id; what nobody says is as usual. */
static u32 *read_distances(const struct scx_topology *topo, const char *dir)
{
	u32 *distance = calloc((size_t)topo->nr_nodes * topo->nr_nodes, sizeof(*distance));
	char *nodes = NULL;
	size_t size = 0;
	bool has_nodes;
	u32 a;

	if (!distance)
		return NULL;
	has_nodes = read_line(dir, &nodes, &size, "node/online") > 0;
	for (a = 0; a < topo->nr_nodes; a++)
		read_distances_of(topo, dir, a, has_nodes ? nodes : "",
				  distance + (size_t)a * topo->nr_nodes);
	free(nodes);
	return distance;
}

/* How far domain @b is from @a, as a number to compare. */
static u64 how_far(const struct scx_topology *topo, const u32 *distance, u32 a, u32 b)
{
	const struct scx_topology_domain *da = &topo->domains[a], *db = &topo->domains[b];
	u64 far = distance[(size_t)da->node * topo->nr_nodes + db->node];
	u32 steps = (b + topo->nr_domains - a) % topo->nr_domains;

	return far << 32 | (u64)(da->package != db->package) << 31 | steps;
}

static int sort_domains(struct scx_topology *topo, const char *dir)
{
	u32 *distance = read_distances(topo, dir);
	u32 a, b, i, nr;

	if (!distance)
		return -1;
	for (a = 0; a < topo->nr_domains; a++) {
		u32 *nearest = calloc(topo->nr_domains, sizeof(*nearest));

		topo->domains[a].nearest = nearest;
		if (!nearest)
			break;
		for (b = 0, nr = 0; b < topo->nr_domains; b++) {
			if (b == a)
				continue;
			for (i = nr++; i && how_far(topo, distance, a, b) <
				       how_far(topo, distance, a, nearest[i - 1]); i--)
				nearest[i] = nearest[i - 1];
			nearest[i] = b;
		}
	}
	free(distance);
	return a == topo->nr_domains ? 0 : -1;
}

struct scx_topology *scx_topology_read(const char *system)
{
	struct scx_topology *topo = calloc(1, sizeof(*topo));
	const char *dir = system ?: "/sys/devices/system";
	u32 c;

	if (!topo)
		return NULL;
	if (read_cpus(topo, dir))
		goto fail;
	read_nodes(topo, dir);
	for (c = 0; c < topo->nr_cpu_ids; c++)
		if (topo->cpus[c].online)
			read_cpu(topo, dir, c);
	errno = ENOMEM;
	if (make_domains(topo) || sort_domains(topo, dir))
		goto fail;
	return topo;
fail:
	scx_topology_free(topo);
	return NULL;
}

void scx_topology_free(struct scx_topology *topo)
{
	int err = errno;
	u32 d;

	for (d = 0; d < topo->nr_domains; d++) {
		free(topo->domains[d].cpus);
		free(topo->domains[d].nearest);
	}
	free(topo->domains);
	free(topo->cpus);
	free(topo);
	errno = err;
}

const char *scx_topology_cpulist(const struct scx_topology *topo, u32 d, char *buf, size_t len)
{
	size_t pos = 0;
	u32 c, last;

	buf[0] = '\0';
	for (c = 0; c < topo->nr_cpu_ids; c = last + 1) {
		last = c;
		if (topo->cpus[c].domain != (s32)d)
			continue;
		while (last + 1 < topo->nr_cpu_ids && topo->cpus[last + 1].domain == (s32)d)
			last++;
		if (pos < len)
			pos += snprintf(buf + pos, len - pos, "%s%u", pos ? "," : "", c);
		if (last > c && pos < len)
			pos += snprintf(buf + pos, len - pos, "-%u", last);
	}
	return buf;
}
