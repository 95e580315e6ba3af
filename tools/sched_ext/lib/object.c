// SPDX-License-Identifier: GPL-2.0
/*
 * Finds parts of a BPF object by the names in its own type information.
 * Nothing here talks to the kernel.
 */
#include <string.h>
#include <bpf/btf.h>
#include "object.h"

struct bpf_map *scx_object_ops(struct bpf_object *obj)
{
	struct bpf_map *map, *ops = NULL;

	bpf_object__for_each_map(map, obj) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		if (ops)
			return NULL;
		ops = map;
	}
	return ops;
}

void *scx_object_ops_member(struct bpf_object *obj, struct bpf_map *ops,
			    const char *name, size_t size)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_member *m;
	const struct btf_type *t;
	size_t ops_size;
	char *val;
	int id, i;

	val = bpf_map__initial_value(ops, &ops_size);
	id = btf__find_by_name_kind(btf, "sched_ext_ops", BTF_KIND_STRUCT);
	if (!val || id < 0)
		return NULL;

	t = btf__type_by_id(btf, id);
	m = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++, m++) {
		size_t off = btf_member_bit_offset(t, i) / 8;

		if (strcmp(btf__name_by_offset(btf, m->name_off), name))
			continue;
		if (btf__resolve_size(btf, m->type) != (__s64)size ||
		    off + size > ops_size)
			return NULL;
		return val + off;
	}
	return NULL;
}

void *scx_object_var(struct bpf_object *obj, const char *sec, const char *name,
		     size_t size)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_var_secinfo *vsi;
	const struct btf_type *t, *var;
	struct bpf_map *map;
	size_t map_size;
	char *val;
	int id, i;

	map = bpf_object__find_map_by_name(obj, sec);
	id = btf__find_by_name_kind(btf, sec, BTF_KIND_DATASEC);
	if (!map || id < 0)
		return NULL;
	val = bpf_map__initial_value(map, &map_size);
	if (!val)
		return NULL;

	t = btf__type_by_id(btf, id);
	vsi = btf_var_secinfos(t);
	for (i = 0; i < btf_vlen(t); i++, vsi++) {
		var = btf__type_by_id(btf, vsi->type);
		if (strcmp(btf__name_by_offset(btf, var->name_off), name))
			continue;
		if (vsi->size < size || vsi->offset + size > map_size)
			return NULL;
		return val + vsi->offset;
	}
	return NULL;
}
