// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/sched_ext: what there is always, and root/ for the loaded scheduler.
 */
#include "state.h"
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

static struct kset *scx_kset;

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	static const char * const names[] = {
		[SCX_ENABLING]	= "enabling",
		[SCX_ENABLED]	= "enabled",
		[SCX_DISABLING]	= "disabling",
		[SCX_DISABLED]	= "disabled",
	};

	return sysfs_emit(buf, "%s\n", names[scx_enable_state()]);
}

static ssize_t switch_all_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(scx_switching_all));
}

static ssize_t nr_rejected_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&scx_nr_rejected));
}

static ssize_t hotplug_seq_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&scx_hotplug_seq));
}

static ssize_t enable_seq_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&scx_enable_seq));
}

#define SCX_SYSFS_ATTR(_name) \
static struct kobj_attribute scx_attr_##_name = __ATTR_RO(_name)

SCX_SYSFS_ATTR(state);
SCX_SYSFS_ATTR(switch_all);
SCX_SYSFS_ATTR(nr_rejected);
SCX_SYSFS_ATTR(hotplug_seq);
SCX_SYSFS_ATTR(enable_seq);

static struct attribute *scx_global_attrs[] = {
	&scx_attr_state.attr,
	&scx_attr_switch_all.attr,
	&scx_attr_nr_rejected.attr,
	&scx_attr_hotplug_seq.attr,
	&scx_attr_enable_seq.attr,
	NULL,
};

static const struct attribute_group scx_global_group = { .attrs = scx_global_attrs };

static struct scx_sched *scx_sysfs_sched(const struct kobject *kobj)
{
	return container_of(kobj, struct scx_sched, kobj);
}

static ssize_t ops_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", scx_sysfs_sched(kobj)->ops.name);
}
SCX_SYSFS_ATTR(ops);

static ssize_t events_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return scx_event_show(scx_sysfs_sched(kobj), buf, PAGE_SIZE);
}
SCX_SYSFS_ATTR(events);

static struct attribute *scx_sched_attrs[] = {
	&scx_attr_ops.attr,
	&scx_attr_events.attr,
	NULL,
};
ATTRIBUTE_GROUPS(scx_sched);

static void scx_sysfs_release(struct kobject *kobj)
{
	struct scx_sched *sch = scx_sysfs_sched(kobj);

	if (sch->exit_task)
		put_task_struct(sch->exit_task);
	free_percpu(sch->events);
	scx_exit_info_free(sch->exit_info);
	kfree(sch);
}

static const struct kobj_type scx_sched_ktype = {
	.release	= scx_sysfs_release,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= scx_sched_groups,
};

static int scx_sysfs_uevent(struct kobject *kobj, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "SCXOPS=%s", scx_sysfs_sched(kobj)->ops.name);
}

static const struct kset_uevent_ops scx_uevent_ops = {
	.uevent		= scx_sysfs_uevent,
};

/* On failure, too, the reference is the caller's to put. */
int scx_sysfs_add(struct scx_sched *sch)
{
	sch->kobj.kset = scx_kset;
	return kobject_init_and_add(&sch->kobj, &scx_sched_ktype, NULL, "root");
}

void scx_sysfs_del(struct scx_sched *sch)
{
	kobject_del(&sch->kobj);
}

int __init scx_sysfs_boot_init(void)
{
	scx_kset = kset_create_and_add("sched_ext", &scx_uevent_ops, kernel_kobj);
	if (!scx_kset)
		return -ENOMEM;
	return sysfs_create_group(&scx_kset->kobj, &scx_global_group);
}
