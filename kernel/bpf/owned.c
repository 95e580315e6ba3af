// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that BPF programs allocate, and the trees and lists in maps that own
 * them.
 *
 * An object belongs to the program that has allocated it, until the program drops
 * it, puts it into a map as a kptr, or links it into a tree or list. Those lie in
 * the value of a map beside the bpf_spin_lock that guards them and all that is
 * linked there: while it holds the lock, a program may look at what it has linked
 * or found. The verifier sees to all of that, see check_owned_kfunc().
 *
 * Owns the layout of such types, as the program's BTF has it, and the kfuncs. May
 * be called with interrupts off and a runqueue locked: memory comes from caches
 * that are filled from an irq_work, and is used again at once.
 */
#include <linux/bpf.h>
#include <linux/bpf_mem_alloc.h>
#include <linux/bpf_owned.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rbtree.h>
#include <linux/slab.h>

/* What struct bpf_rb_node and struct bpf_list_node are here */
struct owned_rb_node {
	struct rb_node node;
	struct rb_root_cached *root;	/* that it is linked to, or NULL */
} __aligned(8);

struct owned_list_node {
	struct list_head node;
	struct list_head *head;		/* that it is linked to, or NULL */
} __aligned(8);

static struct bpf_mem_alloc owned_ma;

static const struct {
	const char *node, *root;
	u32 node_size;
} kinds[] = {
	[BPF_OWNED_RBTREE]	= { "bpf_rb_node", "bpf_rb_root",
				    sizeof(struct owned_rb_node) },
	[BPF_OWNED_LIST]	= { "bpf_list_node", "bpf_list_head",
				    sizeof(struct owned_list_node) },
};

u32 bpf_owned_node_size(enum bpf_owned_kind kind)
{
	return kinds[kind].node_size;
}

static bool is_struct_named(const struct btf *btf, const struct btf_type *t, const char *name)
{
	return BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT &&
	       !strcmp(btf_name_by_offset(btf, t->name_off), name);
}

static struct bpf_owned_type *read_type(const struct btf *btf, u32 btf_id)
{
	const struct btf_type *t = btf_type_by_id(btf, btf_id), *member_t;
	const struct btf_member *member;
	struct bpf_owned_type *type;
	u32 i, kind, off, end = 0;

	if (!t || BTF_INFO_KIND(t->info) != BTF_KIND_STRUCT || !t->size ||
	    t->size > 4096 - sizeof(struct llist_node))
		return ERR_PTR(-EINVAL);

	type = kzalloc(sizeof(*type), GFP_KERNEL | __GFP_NOWARN);
	if (!type)
		return ERR_PTR(-ENOMEM);
	type->btf_id = btf_id;
	type->size = t->size;

	for_each_member(i, t, member) {
		member_t = btf_type_skip_modifiers(btf, member->type, NULL);
		for (kind = 0; kind < ARRAY_SIZE(kinds); kind++)
			if (is_struct_named(btf, member_t, kinds[kind].node))
				break;
		if (kind == ARRAY_SIZE(kinds))
			continue;
		off = __btf_member_bit_offset(t, member) / BITS_PER_BYTE;
		/* In headers of 6.3 and before, they were smaller. BTF may be made
		 * by hand: members can overlap.
		 */
		if (type->nr_nodes == BPF_OWNED_NODES_MAX || off % 8 || off < end ||
		    member_t->size != kinds[kind].node_size) {
			kfree(type);
			return ERR_PTR(-EINVAL);
		}
		type->node[type->nr_nodes].off = off;
		type->node[type->nr_nodes++].kind = kind;
		end = off + member_t->size;
	}
	return type;
}

/**
 * bpf_owned_type() - layout of a type that can be allocated
 * @btf:	a program's BTF
 * @btf_id:	type in it
 *
 * Return: the layout, which stays as long as @btf, or an ERR_PTR() if there can be
 * no such objects. May sleep.
 */
const struct bpf_owned_type *bpf_owned_type(struct btf *btf, u32 btf_id)
{
	struct bpf_owned_type **first = btf_owned_types(btf), *type, *old;

	if (btf_is_kernel(btf))
		return ERR_PTR(-EINVAL);

	/* It does not matter if there come to be two of a type */
	for (type = smp_load_acquire(first); type; type = type->next)
		if (type->btf_id == btf_id)
			return type;

	type = read_type(btf, btf_id);
	if (IS_ERR(type))
		return type;
	old = READ_ONCE(*first);
	do {
		type->next = old;
	} while (!try_cmpxchg(first, &old, type));

	return type;
}

/* The tag "contains:<type>:<node>" of a tree or list says what it has */
static int read_contains(const struct btf *btf, u32 decl_id, int component,
			 enum bpf_owned_kind kind, u32 *type_id, u32 *node_off)
{
	static const char prefix[] = "contains:";
	const struct btf_type *t, *member_t;
	const struct btf_member *member;
	const char *name = NULL, *node;
	char type_name[128];
	s32 id;
	u32 i;

	for (i = 1; i < btf_nr_types(btf); i++) {
		t = btf_type_by_id(btf, i);
		if (BTF_INFO_KIND(t->info) != BTF_KIND_DECL_TAG || t->type != decl_id ||
		    ((const struct btf_decl_tag *)(t + 1))->component_idx != component)
			continue;
		name = btf_name_by_offset(btf, t->name_off);
		if (!strncmp(name, prefix, strlen(prefix)))
			break;
		name = NULL;
	}
	if (!name)
		return -EINVAL;
	name += strlen(prefix);
	node = strchr(name, ':');
	if (!node || node - name >= sizeof(type_name))
		return -EINVAL;
	memcpy(type_name, name, node - name);
	type_name[node++ - name] = '\0';

	id = btf_find_by_name_kind(btf, type_name, BTF_KIND_STRUCT);
	if (id < 0)
		return id;
	t = btf_type_by_id(btf, id);
	for_each_member(i, t, member) {
		member_t = btf_type_skip_modifiers(btf, member->type, NULL);
		if (strcmp(btf_name_by_offset(btf, member->name_off), node) ||
		    !is_struct_named(btf, member_t, kinds[kind].node))
			continue;
		*type_id = id;
		*node_off = __btf_member_bit_offset(t, member) / BITS_PER_BYTE;
		return 0;
	}
	return -ENOENT;
}

static int add_root(const struct btf *btf, struct bpf_owned_roots *roots, u32 type_id, u32 off,
		    u32 decl_id, int component)
{
	const struct btf_type *t = btf_type_skip_modifiers(btf, type_id, NULL);
	u32 kind;

	for (kind = 0; kind < ARRAY_SIZE(kinds); kind++)
		if (is_struct_named(btf, t, kinds[kind].root))
			break;
	if (kind == ARRAY_SIZE(kinds))
		return 0;
	if (t->size != BPF_OWNED_ROOT_SIZE || off % 8)
		return -EINVAL;
	if (roots->nr == BPF_OWNED_ROOTS_MAX)
		return -E2BIG;
	/* BTF may be made by hand: members can overlap */
	if (roots->nr && off < roots->root[roots->nr - 1].off + BPF_OWNED_ROOT_SIZE)
		return -EEXIST;
	roots->root[roots->nr].off = off;
	roots->root[roots->nr].kind = kind;
	return read_contains(btf, decl_id, component, kind, &roots->root[roots->nr].type_id,
			     &roots->root[roots->nr].node_off) ?: (roots->nr++, 0);
}

/**
 * bpf_owned_find_roots() - find the trees and lists in the values of a map
 * @btf:	the map's BTF
 * @value_id:	type of its values
 *
 * Return: where they are, for kfree(); NULL if there are none; or an ERR_PTR() if
 * one of them cannot be used. May sleep.
 */
struct bpf_owned_roots *bpf_owned_find_roots(struct btf *btf, u32 value_id)
{
	const struct btf_type *t = btf_type_by_id(btf, value_id);
	const struct btf_var_secinfo *vsi;
	const struct btf_member *member;
	struct bpf_owned_roots *roots;
	int i, err = 0;

	BUILD_BUG_ON(sizeof(struct rb_root_cached) > BPF_OWNED_ROOT_SIZE);
	BUILD_BUG_ON(sizeof(struct list_head) > BPF_OWNED_ROOT_SIZE);

	roots = kzalloc(sizeof(*roots), GFP_KERNEL | __GFP_NOWARN);
	if (!roots)
		return ERR_PTR(-ENOMEM);

	if (BTF_INFO_KIND(t->info) == BTF_KIND_DATASEC) {
		for_each_vsi(i, t, vsi) {
			const struct btf_type *var = btf_type_by_id(btf, vsi->type);

			err = add_root(btf, roots, var->type, vsi->offset, vsi->type, -1);
			if (err)
				break;
		}
	} else if (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT) {
		for_each_member(i, t, member) {
			u32 bit_off = __btf_member_bit_offset(t, member);

			if (bit_off % BITS_PER_BYTE)
				continue;
			err = add_root(btf, roots, member->type, bit_off / BITS_PER_BYTE,
				       value_id, i);
			if (err)
				break;
		}
	}
	for (i = 0; !err && i < roots->nr; i++)
		err = PTR_ERR_OR_ZERO(bpf_owned_type(btf, roots->root[i].type_id));

	if (err || !roots->nr) {
		kfree(roots);
		return ERR_PTR(err);
	}
	return roots;
}

/**
 * bpf_owned_drop() - free an object that belongs to the caller
 * @obj: the object
 */
void bpf_owned_drop(void *obj)
{
	migrate_disable();
	bpf_mem_free(&owned_ma, obj);
	migrate_enable();
}

/* A list that was never used is all zero */
static struct list_head *list_of(struct bpf_list_head *head)
{
	struct list_head *list = (void *)head;

	if (!list->next)
		INIT_LIST_HEAD(list);
	return list;
}

/**
 * bpf_owned_free_roots() - drop all that is linked in a value
 * @map:	map that has trees and lists
 * @value:	a value of it that is being deleted
 *
 * Programs may still have the value, and may put something into it again, which
 * stays there for whoever gets the value next. May be called with any lock held
 * but that of the value.
 */
void bpf_owned_free_roots(const struct bpf_map *map, void *value)
{
	struct owned_rb_node *rb, *next_rb;
	struct owned_list_node *l, *next_l;
	u32 i, off;

	for (i = 0; i < map->owned_roots->nr; i++) {
		void *root = value + map->owned_roots->root[i].off;
		struct bpf_spin_lock *lock = value + map->spin_lock_off;
		struct rb_root_cached tree = RB_ROOT_CACHED;
		LIST_HEAD(list);

		/* With the lock held, nobody looks at what is linked */
		bpf_value_lock(lock);
		if (map->owned_roots->root[i].kind == BPF_OWNED_RBTREE)
			swap(tree, *(struct rb_root_cached *)root);
		else
			list_splice_init(list_of(root), &list);
		bpf_value_unlock(lock);

		off = map->owned_roots->root[i].node_off;
		rbtree_postorder_for_each_entry_safe(rb, next_rb, &tree.rb_root, node)
			bpf_owned_drop((void *)rb - off);
		list_for_each_entry_safe(l, next_l, &list, node)
			bpf_owned_drop((void *)l - off);
	}
}

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/**
 * bpf_obj_new_impl() - allocate an object
 * @local_type_id__k:	its type in the program's BTF
 * @meta__ign:		the verifier puts the layout of the type here
 *
 * All of it is zero. The program has to drop it, or to put it into a map.
 *
 * Return: the object, or NULL if there is no memory.
 */
noinline __used void *bpf_obj_new_impl(u64 local_type_id__k, void *meta__ign)
{
	const struct bpf_owned_type *type = meta__ign;
	void *obj;

	migrate_disable();
	obj = bpf_mem_alloc(&owned_ma, type->size);
	migrate_enable();
	if (obj)
		memset(obj, 0, type->size);

	return obj;
}

/**
 * bpf_obj_drop_impl() - free an object that belongs to the program
 * @obj__ign:	the object
 * @meta__ign:	not used
 */
noinline __used void bpf_obj_drop_impl(void *obj__ign, void *meta__ign)
{
	bpf_owned_drop(obj__ign);
}

/**
 * bpf_rbtree_add_impl() - link an object into a tree
 * @root:	the tree, its lock held
 * @node:	node of an object that belongs to the program
 * @less:	is the first of two to be left of the second one?
 * @meta__ign:	not used
 * @off__ign:	not used
 *
 * It belongs to the tree then. Until it unlocks, the program may look at it.
 *
 * Return: 0.
 */
noinline __used int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
					bool (*less)(struct bpf_rb_node *a,
						     const struct bpf_rb_node *b),
					void *meta__ign, u64 off__ign)
{
	struct rb_root_cached *tree = (void *)root;
	struct rb_node **link = &tree->rb_root.rb_node, *parent = NULL;
	struct owned_rb_node *new = (void *)node;
	bpf_callback_t is_less = (bpf_callback_t)(void *)less;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (is_less((u64)(long)node, (u64)(long)parent, 0, 0, 0)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color_cached(&new->node, tree, leftmost);
	new->root = tree;

	return 0;
}

/**
 * bpf_rbtree_remove() - take an object out of a tree
 * @root:	the tree, its lock held
 * @node:	node of an object that was found or linked since it was locked
 *
 * Return: @node, whose object belongs to the program now, or NULL if it is not in
 * this tree any more.
 */
noinline __used struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root,
						      struct bpf_rb_node *node)
{
	struct rb_root_cached *tree = (void *)root;
	struct owned_rb_node *old = (void *)node;

	if (old->root != tree)
		return NULL;
	rb_erase_cached(&old->node, tree);
	old->root = NULL;

	return node;
}

/**
 * bpf_rbtree_first() - find the leftmost object of a tree
 * @root: the tree, its lock held
 *
 * Return: its node, which the program may look at until it unlocks, or NULL if the
 * tree is empty.
 */
noinline __used struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root)
{
	return (struct bpf_rb_node *)rb_first_cached((struct rb_root_cached *)root);
}

static int list_push(struct bpf_list_head *head, struct bpf_list_node *node, bool tail)
{
	struct list_head *list = list_of(head);
	struct owned_list_node *new = (void *)node;

	if (tail)
		list_add_tail(&new->node, list);
	else
		list_add(&new->node, list);
	new->head = list;

	return 0;
}

static struct bpf_list_node *list_pop(struct bpf_list_head *head, bool tail)
{
	struct list_head *list = list_of(head);
	struct owned_list_node *old;

	if (list_empty(list))
		return NULL;
	old = list_entry(tail ? list->prev : list->next, struct owned_list_node, node);
	list_del(&old->node);
	old->head = NULL;

	return (struct bpf_list_node *)old;
}

/**
 * bpf_list_push_front_impl() - link an object at the front of a list
 * @head:	the list, its lock held
 * @node:	node of an object that belongs to the program
 * @meta__ign:	not used
 * @off__ign:	not used
 *
 * It belongs to the list then. Until it unlocks, the program may look at it.
 *
 * Return: 0.
 */
noinline __used int bpf_list_push_front_impl(struct bpf_list_head *head,
					     struct bpf_list_node *node, void *meta__ign,
					     u64 off__ign)
{
	return list_push(head, node, false);
}

/**
 * bpf_list_push_back_impl() - link an object at the back of a list
 * @head:	the list, its lock held
 * @node:	node of an object that belongs to the program
 * @meta__ign:	not used
 * @off__ign:	not used
 *
 * Return: 0.
 */
noinline __used int bpf_list_push_back_impl(struct bpf_list_head *head,
					    struct bpf_list_node *node, void *meta__ign,
					    u64 off__ign)
{
	return list_push(head, node, true);
}

/**
 * bpf_list_pop_front() - take the first object out of a list
 * @head: the list, its lock held
 *
 * Return: its node, and it belongs to the program; NULL if the list is empty.
 */
noinline __used struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head)
{
	return list_pop(head, false);
}

/**
 * bpf_list_pop_back() - take the last object out of a list
 * @head: the list, its lock held
 *
 * Return: its node, and it belongs to the program; NULL if the list is empty.
 */
noinline __used struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *head)
{
	return list_pop(head, true);
}

__diag_pop();

BTF_SET8_START(owned_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_obj_new_impl, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_obj_drop_impl, KF_RELEASE)
BTF_ID_FLAGS(func, bpf_rbtree_add_impl)
BTF_ID_FLAGS(func, bpf_rbtree_remove, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_rbtree_first, KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_list_push_front_impl)
BTF_ID_FLAGS(func, bpf_list_push_back_impl)
BTF_ID_FLAGS(func, bpf_list_pop_front, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_list_pop_back, KF_ACQUIRE | KF_RET_NULL)
BTF_SET8_END(owned_kfunc_btf_ids)

static const struct btf_kfunc_id_set owned_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &owned_kfunc_btf_ids,
};

static int __init bpf_owned_init(void)
{
	int ret;

	ret = bpf_mem_alloc_init(&owned_ma, 0, false);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &owned_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &owned_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &owned_kfunc_set);
	return ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SCHED_CLS, &owned_kfunc_set);
}
late_initcall(bpf_owned_init);
