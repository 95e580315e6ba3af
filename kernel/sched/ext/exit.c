// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a scheduler: claimed by the first who wants it, recorded, and handed
 * to scx_helper, which takes the scheduler down (disable.c).
 *
 * Callable with any lock held, interrupts off, in NMI. Claiming is a
 * compare-and-exchange on scx_sched::exit_kind; the winner alone writes
 * scx_sched::exit_info. From there an irq_work leads to the thread, since waking
 * a thread is not possible under an rq lock.
 */
#include "state.h"
#include <linux/stacktrace.h>
#include <linux/sysrq.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <trace/events/sched_ext.h>

/* what takes the scheduler down, set by disable.c: this room does not call up */
void (*scx_exit_disable_fn)(void);

const char *scx_exit_reason(enum scx_exit_kind kind)
{
	switch (kind) {
	case SCX_EXIT_UNREG:
		return "unregistered from user space";
	case SCX_EXIT_UNREG_BPF:
		return "unregistered from BPF";
	case SCX_EXIT_UNREG_KERN:
		return "unregistered from the main kernel";
	case SCX_EXIT_SYSRQ:
		return "disabled by sysrq-S";
	case SCX_EXIT_ERROR:
		return "runtime error";
	case SCX_EXIT_ERROR_BPF:
		return "scx_bpf_error";
	case SCX_EXIT_ERROR_STALL:
		return "runnable task stall";
	default:
		return "<unknown>";
	}
}

struct scx_exit_info *scx_exit_info_alloc(u32 dump_len)
{
	struct scx_exit_info *ei = kzalloc(sizeof(*ei), GFP_KERNEL);

	if (!ei)
		return NULL;

	ei->bt = kcalloc(SCX_EXIT_BT_LEN, sizeof(ei->bt[0]), GFP_KERNEL);
	ei->msg = kzalloc(SCX_EXIT_MSG_LEN, GFP_KERNEL);
	ei->dump = kvzalloc(dump_len, GFP_KERNEL);
	if (!ei->bt || !ei->msg || !ei->dump) {
		scx_exit_info_free(ei);
		return NULL;
	}
	return ei;
}

void scx_exit_info_free(struct scx_exit_info *ei)
{
	if (!ei)
		return;
	kvfree(ei->dump);
	kfree(ei->msg);
	kfree(ei->bt);
	kfree(ei);
}

static void scx_exit_disable_workfn(struct kthread_work *work)
{
	scx_exit_disable_fn();
}

static DEFINE_KTHREAD_WORK(scx_exit_disable_work, scx_exit_disable_workfn);

static void scx_exit_irq_workfn(struct irq_work *work)
{
	kthread_queue_work(scx_helper, &scx_exit_disable_work);
}

static struct irq_work scx_exit_irq_work = IRQ_WORK_INIT(scx_exit_irq_workfn);

static bool scx_exit_args(struct scx_sched *sch, enum scx_exit_kind kind, s64 code,
			  struct task_struct *p, const char *fmt, va_list args)
{
	struct scx_exit_info *ei = sch->exit_info;
	int none = SCX_EXIT_NONE;

	if (!atomic_try_cmpxchg(&sch->exit_kind, &none, kind))
		return false;

	ei->exit_code = code;
	ei->exit_cpu = -1;
	if (kind >= SCX_EXIT_ERROR) {
		ei->exit_cpu = p ? task_cpu(p) : raw_smp_processor_id();
		sch->exit_task = get_task_struct(p ?: current);
	}
#ifdef CONFIG_STACKTRACE
	if (kind >= SCX_EXIT_ERROR)
		ei->bt_len = stack_trace_save(ei->bt, SCX_EXIT_BT_LEN, 2);
#endif
	vscnprintf(ei->msg, SCX_EXIT_MSG_LEN, fmt, args);
	ei->reason = scx_exit_reason(kind);
	/* last: whoever takes the scheduler down waits for it */
	smp_store_release(&ei->kind, kind);
	trace_sched_ext_exit(sch->ops.name, kind, code, ei->exit_cpu, ei->msg);

	irq_work_queue(&scx_exit_irq_work);
	return true;
}

/**
 * scx_exit - end the loaded scheduler
 * @kind: why
 * @code: for kinds that are no errors, see enum scx_exit_code
 * @fmt: what happened, without a newline
 *
 * Context: any, NMI included.
 * Return: whether this call is the one that ends it; false also if there is no
 * scheduler.
 */
bool scx_exit(enum scx_exit_kind kind, s64 code, const char *fmt, ...)
{
	struct scx_sched *sch;
	bool claimed = false;
	va_list args;

	rcu_read_lock();
	sch = READ_ONCE(scx_root);
	if (sch) {
		va_start(args, fmt);
		claimed = scx_exit_args(sch, kind, code, NULL, fmt, args);
		va_end(args);
	}
	rcu_read_unlock();
	return claimed;
}

/**
 * scx_exit_task - end the loaded scheduler for what it did to a task
 * @kind: why, an error
 * @p: the task, which the caller keeps in place; the dump begins with it and its CPU
 * @fmt: what happened, without a newline
 *
 * Context: any but NMI.
 * Return: as scx_exit().
 */
bool scx_exit_task(enum scx_exit_kind kind, struct task_struct *p, const char *fmt, ...)
{
	struct scx_sched *sch;
	bool claimed = false;
	va_list args;

	rcu_read_lock();
	sch = READ_ONCE(scx_root);
	if (sch) {
		va_start(args, fmt);
		claimed = scx_exit_args(sch, kind, 0, p, fmt, args);
		va_end(args);
	}
	rcu_read_unlock();
	return claimed;
}

/*
 * A callback's return value is to be used as an error number: anything that is
 * not one would be taken for success, or for a pointer, further up.
 */
int scx_exit_sanitize_errno(const char *op, s32 err)
{
	if (err < 0 && err >= -MAX_ERRNO)
		return err;

	scx_error("ops.%s() returned an invalid errno %d", op, err);
	return -EPROTO;
}

/* Too big for the stack; used with interrupts off, which is what the formatting takes. */
struct scx_exit_buf {
	char	fmt[SCX_EXIT_MSG_LEN];
	char	msg[SCX_EXIT_MSG_LEN];
};

static DEFINE_PER_CPU(struct scx_exit_buf, scx_exit_buf);

static bool scx_exit_format_args(char *buf, size_t size, const char *fmt,
				 unsigned long long *data, u32 data__sz)
{
	struct bpf_bprintf_data bprintf = { .get_bin_args = true };
	int ret;

	if (data__sz % 8 || data__sz > MAX_BPRINTF_VARARGS * 8 || (data__sz && !data)) {
		scx_error("invalid data of %u bytes for \"%s\"", data__sz, fmt);
		return false;
	}

	ret = bpf_bprintf_prepare((char *)fmt, strlen(fmt) + 1, data, data__sz / 8, &bprintf);
	if (ret < 0) {
		scx_error("invalid format \"%s\" (%d)", fmt, ret);
		return false;
	}
	ret = bstr_printf(buf, size, fmt, bprintf.bin_args);
	bpf_bprintf_cleanup(&bprintf);
	if (ret < 0) {
		scx_error("cannot format \"%s\" (%d)", fmt, ret);
		return false;
	}
	return true;
}

/**
 * scx_exit_format - what a BPF program wants to say, as text
 * @buf: for the text, cut if it is longer
 * @size: of @buf
 * @kfunc: what the program called
 * @fmt: from the program
 * @data: up to 12 arguments, from the program
 * @data__sz: size of @data in bytes
 *
 * Context: any but NMI.
 * Return: whether there is a text; if not, the scheduler is ended with an error.
 */
bool scx_exit_format(char *buf, size_t size, const char *kfunc, char *fmt,
		     unsigned long long *data, u32 data__sz)
{
	unsigned long flags;
	bool ok = false;
	char *copy;
	long ret;

	local_irq_save(flags);
	copy = this_cpu_ptr(&scx_exit_buf)->fmt;
	/* the verifier knows of one byte only: do not trust the rest */
	ret = strncpy_from_kernel_nofault(copy, fmt, SCX_EXIT_MSG_LEN);
	if (ret < 0 || ret == SCX_EXIT_MSG_LEN)
		scx_error("format of %s() is unreadable or longer than %d bytes", kfunc,
			  SCX_EXIT_MSG_LEN - 1);
	else
		ok = scx_exit_format_args(buf, size, copy, data, data__sz);
	local_irq_restore(flags);
	return ok;
}

/**
 * scx_bpf_exit_bstr - end this scheduler in an orderly way
 * @exit_code: handed to user space; see enum scx_exit_code for the upper bits
 * @fmt: message, a format as for bpf_trace_printk(), up to 1023 bytes as is the message
 * @data: the arguments, one u64 each
 * @data__sz: size of @data in bytes
 *
 * Context: any callback, any program that may call our kfuncs. Programs use the
 * macro scx_bpf_exit().
 */
noinline __used void scx_bpf_exit_bstr(s64 exit_code, char *fmt,
				       unsigned long long *data, u32 data__sz)
{
	unsigned long flags;
	char *msg;

	local_irq_save(flags);
	msg = this_cpu_ptr(&scx_exit_buf)->msg;
	if (scx_exit_format(msg, SCX_EXIT_MSG_LEN, "scx_bpf_exit", fmt, data, data__sz))
		scx_exit(SCX_EXIT_UNREG_BPF, exit_code, "%s", msg);
	local_irq_restore(flags);
}

/**
 * scx_bpf_error_bstr - end this scheduler with an error
 * @fmt: message, a format as for bpf_trace_printk(), up to 1023 bytes as is the message
 * @data: the arguments, one u64 each
 * @data__sz: size of @data in bytes
 *
 * Context: as scx_bpf_exit_bstr(). Programs use the macro scx_bpf_error().
 */
noinline __used void scx_bpf_error_bstr(char *fmt, unsigned long long *data, u32 data__sz)
{
	unsigned long flags;
	char *msg;

	local_irq_save(flags);
	msg = this_cpu_ptr(&scx_exit_buf)->msg;
	if (scx_exit_format(msg, SCX_EXIT_MSG_LEN, "scx_bpf_error", fmt, data, data__sz))
		scx_exit(SCX_EXIT_ERROR_BPF, 0, "%s", msg);
	local_irq_restore(flags);
}

BTF_SET8_START(scx_exit_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_exit_bstr)
BTF_ID_FLAGS(func, scx_bpf_error_bstr)
BTF_SET8_END(scx_exit_kfuncs)

static const struct btf_kfunc_id_set scx_exit_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_exit_kfuncs,
};

static void scx_exit_sysrq(int key)
{
	if (!scx_exit(SCX_EXIT_SYSRQ, 0, "%s", ""))
		pr_info("sched_ext: no BPF scheduler to disable\n");
}

static const struct sysrq_key_op scx_exit_sysrq_op = {
	.handler	= scx_exit_sysrq,
	.help_msg	= "reset-sched-ext(S)",
	.action_msg	= "Disable sched_ext and revert all tasks to CFS",
	.enable_mask	= SYSRQ_ENABLE_RTNICE,
};

int __init scx_exit_boot_init(void)
{
	int ret = register_sysrq_key('S', &scx_exit_sysrq_op);

	return ret ?: scx_call_register_lockless_kfuncs(&scx_exit_kfunc_set);
}
