// SPDX-License-Identifier: GPL-2.0
/*
 * The debug dump: what every CPU and every runnable task was at when the scheduler
 * failed, and what the scheduler says about itself.
 *
 * Made after errors, into scx_exit_info::dump, by disable.c before tasks are moved;
 * and for SysRq-D, in the same memory, after which the scheduler goes on. Both run on
 * scx_helper, so there is one dump at a time. Each line goes to the trace event
 * sched_ext_dump as well.
 *
 * The order is that of usefulness, since the room is limited: what happened, the CPU
 * and the task at fault, other CPUs and tasks, and in the rest, which is kept free
 * for it, event counters and what the scheduler says. Where something had to be left
 * out is a mark.
 *
 * A task is looked at under its rq's lock, which is held for one task at a time: how
 * long interrupts are off does not depend on the number of tasks. What changes in
 * between is not seen; sched_ext_entity::dump_seq says which tasks were. The dump as
 * a whole ends with its room or after SCX_DUMP_MAX_MS: until then nobody takes care
 * of the tasks.
 */
#include "state.h"
#include <linux/stacktrace.h>
#include <linux/sysrq.h>

#include <trace/events/sched_ext.h>

#define SCX_DUMP_MAX_MS		500
#define SCX_DUMP_BT_LEN		32
#define SCX_DUMP_LINE_LEN	256
#define SCX_DUMP_CUT		"\n~~~ cut ~~~\n"

/**
 * struct scx_dump - a dump that is being made
 * @sch: of which scheduler
 * @ctx: why, for the callbacks
 * @fault: the task at fault, or NULL
 * @buf: the text
 * @size: of @buf
 * @limit: how far the current section may go
 * @len: of the text
 * @cut: the current section is full
 * @indent: what lines begin with
 * @new_line: the next character begins one
 * @seq: number of this dump
 * @deadline: in jiffies
 */
struct scx_dump {
	struct scx_sched	*sch;
	struct scx_dump_ctx	ctx;
	struct task_struct	*fault;
	char			*buf;
	size_t			size, limit, len;
	bool			cut;
	const char		*indent;
	bool			new_line;
	u32			seq;
	unsigned long		deadline;
};

/* the one that is being made, for the kfunc, and what that adds; only scx_helper makes one */
static struct scx_dump *scx_dump_current;
static char scx_dump_said[SCX_EXIT_MSG_LEN];

static void scx_dump_cut(struct scx_dump *d)
{
	if (d->cut)
		return;
	d->cut = true;
	d->len += scnprintf(d->buf + d->len, d->size - d->len, SCX_DUMP_CUT);
	d->new_line = true;
}

static void scx_dump_put(struct scx_dump *d, const char *text, size_t len)
{
	/* the mark has to fit behind */
	if (d->len + len + sizeof(SCX_DUMP_CUT) > d->limit) {
		len = d->limit - d->len - sizeof(SCX_DUMP_CUT);
		memcpy(d->buf + d->len, text, len);
		d->len += len;
		scx_dump_cut(d);
		return;
	}
	memcpy(d->buf + d->len, text, len);
	d->len += len;
	d->buf[d->len] = '\0';
}

/* Lines of @text, of which the last may be continued. */
static void scx_dump_text(struct scx_dump *d, const char *text)
{
	while (*text && !d->cut) {
		size_t len = strchrnul(text, '\n') - text;

		if (d->new_line && len)
			scx_dump_put(d, d->indent, strlen(d->indent));
		d->new_line = text[len] == '\n';
		len += d->new_line;
		if (!d->cut)
			scx_dump_put(d, text, len);
		text += len;
	}
}

static __printf(2, 3) void scx_dump_printf(struct scx_dump *d, const char *fmt, ...)
{
	char text[SCX_DUMP_LINE_LEN];
	va_list args;

	if (d->cut)
		return;
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) >= sizeof(text))
		text[sizeof(text) - 2] = '\n';
	va_end(args);
	scx_dump_text(d, text);
}

/* What follows has room up to @limit, and is there if what came before is cut. */
static void scx_dump_section(struct scx_dump *d, size_t limit)
{
	d->limit = limit;
	d->cut = false;
	d->indent = "";
	if (!d->new_line)
		scx_dump_text(d, "\n");
}

/* A callback is over; it may have left a line open. */
static void scx_dump_end_line(struct scx_dump *d)
{
	if (!d->new_line)
		scx_dump_text(d, "\n");
}

static void scx_dump_backtrace(struct scx_dump *d, const unsigned long *bt, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		scx_dump_printf(d, "  %pS\n", (void *)bt[i]);
}

static void scx_dump_header(struct scx_dump *d)
{
	const struct scx_exit_info *ei = d->sch->exit_info;
	struct task_struct *p = d->fault;

	scx_dump_printf(d, "scheduler %s: %s", d->sch->ops.name, d->ctx.reason);
	if (d->ctx.kind != SCX_EXIT_NONE)
		scx_dump_printf(d, " (kind %d, code 0x%llx)\n%s\n", d->ctx.kind,
				d->ctx.exit_code, ei->msg);
	else
		scx_dump_text(d, "\n");
	if (p)
		scx_dump_printf(d, "at fault: CPU %d, task %s[%d]\n", ei->exit_cpu, p->comm,
				p->pid);
	scx_dump_printf(d, "at %llu ns, %llu jiffies\n", d->ctx.at_ns, d->ctx.at_jiffies);
	if (d->ctx.kind != SCX_EXIT_NONE && ei->bt_len) {
		scx_dump_text(d, "\nbacktrace:\n");
		scx_dump_backtrace(d, ei->bt, ei->bt_len);
	}
}

static const char *scx_dump_place(struct task_struct *p, char *buf, size_t size)
{
	/* may be taken from it at any time; interrupts off keep the queue's memory */
	struct scx_dispatch_q *dsq = READ_ONCE(p->scx.dsq);
	long opss = atomic_long_read(&p->scx.ops_state) & SCX_OPSS_STATE_MASK;

	if (!dsq && opss != SCX_OPSS_NONE)
		return "BPF";
	if (!dsq)
		return "none";
	if (dsq->id == SCX_DSQ_LOCAL)
		return "local";
	if (dsq == &scx_global_dsq)
		return "global";
	scnprintf(buf, size, "0x%llx", dsq->id);
	return buf;
}

static void scx_dump_stack(struct scx_dump *d, struct task_struct *p)
{
#ifdef CONFIG_STACKTRACE
	static unsigned long bt[SCX_DUMP_BT_LEN];

	scx_dump_backtrace(d, bt, stack_trace_save_tsk(p, bt, ARRAY_SIZE(bt), 1));
#endif
}

/* @p's rq is locked. */
static void scx_dump_task(struct scx_dump *d, struct rq *rq, struct task_struct *p)
{
	unsigned long opss = atomic_long_read(&p->scx.ops_state);
	long waited = (long)(jiffies - p->scx.runnable_at);
	bool running = task_current(rq, p);
	char place[24];

	p->scx.dump_seq = d->seq;

	d->indent = "  ";
	scx_dump_printf(d, "%c %s[%d] %c ", p == d->fault ? '*' : '-', p->comm, p->pid,
			task_state_to_char(p));
	if (running)
		scx_dump_text(d, "running\n");
	else
		scx_dump_printf(d, "waiting %ums\n", jiffies_to_msecs(max(waited, 0L)));
	d->indent = "      ";
	scx_dump_printf(d, "dsq=%s vtime=%llu slice=%llu weight=%u cpus=%*pbl%s\n",
			scx_dump_place(p, place, sizeof(place)), p->scx.dsq_vtime, p->scx.slice,
			p->scx.weight, cpumask_pr_args(p->cpus_ptr),
			is_migration_disabled(p) ? " migration-disabled" : "");
	scx_dump_printf(d, "flags=0x%x dsq_flags=0x%x ops_state=%lu/%lu holding_cpu=%d\n",
			p->scx.flags, p->scx.dsq_flags, opss & SCX_OPSS_STATE_MASK,
			opss >> SCX_OPSS_SEQ_SHIFT, p->scx.holding_cpu);
	/* that of a running task changes under our eyes */
	if (!running)
		scx_dump_stack(d, p);
	if (d->sch->inited && scx_has_op(dump_task)) {
		SCX_CALL_OP(SCX_CALL_DUMP, rq, NULL, dump_task, &d->ctx, p);
		scx_dump_end_line(d);
	}
	d->indent = "";
}

/*
 * The next waiting task of @rq after @last, which may have gone meanwhile; with a
 * reference. New ones come at the end of the list.
 */
static struct task_struct *scx_dump_next_task(struct scx_dump *d, struct rq *rq,
					      struct task_struct *last)
{
	struct list_head *head = &rq->scx.runnable_list, *pos = head;
	struct task_struct *p, *found = NULL;
	struct rq_flags rf;

	rq_lock_irqsave(rq, &rf);
	if (last && task_rq(last) == rq && !list_empty(&last->scx.runnable_node))
		pos = &last->scx.runnable_node;
	for (pos = pos->next; pos != head; pos = pos->next) {
		p = container_of(pos, struct task_struct, scx.runnable_node);
		if (p->scx.dump_seq == d->seq)
			continue;
		found = get_task_struct(p);
		scx_dump_task(d, rq, p);
		break;
	}
	rq_unlock_irqrestore(rq, &rf);
	return found;
}

static void scx_dump_tasks(struct scx_dump *d, struct rq *rq)
{
	struct task_struct *p, *last = NULL;

	while (!d->cut && (p = scx_dump_next_task(d, rq, last))) {
		if (last)
			put_task_struct(last);
		last = p;
		if (time_after(jiffies, d->deadline))
			scx_dump_cut(d);
	}
	if (last)
		put_task_struct(last);
}

static void scx_dump_cpu(struct scx_dump *d, int cpu)
{
	struct task_struct *curr, *fault = d->fault;
	struct rq *rq = cpu_rq(cpu);
	size_t begin = d->len, said;
	char kicks[96];
	struct rq_flags rf;
	bool idle;

	rq_lock_irqsave(rq, &rf);
	curr = rq->curr;
	idle = list_empty(&rq->scx.runnable_list) && is_idle_task(curr);

	scx_kick_show(cpu, kicks, sizeof(kicks));
	scx_dump_printf(d, "\nCPU %d%s: nr_run=%u flags=0x%x picks=%lu curr=%s[%d]%s\n", cpu,
			fault && cpu == d->sch->exit_info->exit_cpu ? " (at fault)" :
			idle ? " (idle)" : "", rq->scx.nr_running, rq->scx.flags, rq->scx.picks,
			curr->comm, curr->pid, kicks);

	d->indent = "  ";
	said = d->len;
	if (d->sch->inited && scx_has_op(dump_cpu)) {
		SCX_CALL_OP(SCX_CALL_DUMP, rq, NULL, dump_cpu, &d->ctx, cpu, idle);
		scx_dump_end_line(d);
	}
	d->indent = "";
	if (idle && said == d->len && !d->cut) {
		d->len = begin;
		d->buf[begin] = '\0';
	}

	if (task_on_scx(curr) && (curr->scx.flags & SCX_TASK_QUEUED))
		scx_dump_task(d, rq, curr);
	if (fault && task_rq(fault) == rq && !list_empty(&fault->scx.runnable_node))
		scx_dump_task(d, rq, fault);
	rq_unlock_irqrestore(rq, &rf);

	scx_dump_tasks(d, rq);
}

static void scx_dump_cpus(struct scx_dump *d)
{
	int cpu, fault = d->fault ? d->sch->exit_info->exit_cpu : -1;

	if (fault >= 0)
		scx_dump_cpu(d, fault);
	for_each_possible_cpu(cpu) {
		if (d->cut)
			break;
		if (cpu != fault)
			scx_dump_cpu(d, cpu);
	}
}

/* What the scheduler has to say. */
static void scx_dump_sched(struct scx_dump *d)
{
	unsigned long flags;

	if (!d->sch->inited || !scx_has_op(dump))
		return;
	scx_dump_printf(d, "\n%s says:\n", d->sch->ops.name);
	local_irq_save(flags);
	SCX_CALL_OP(SCX_CALL_DUMP, NULL, NULL, dump, &d->ctx);
	local_irq_restore(flags);
	scx_dump_end_line(d);
}

static void scx_dump_events(struct scx_dump *d)
{
	static char text[1024];

	scx_event_show(d->sch, text, sizeof(text));
	scx_dump_text(d, "\nevents:\n");
	d->indent = "  ";
	scx_dump_text(d, text);
	d->indent = "";
}

/* Into @sch's exit_info. On scx_helper. */
static void scx_dump_make(struct scx_sched *sch, enum scx_exit_kind kind, const char *reason)
{
	static u32 seq;
	struct scx_dump d = {
		.sch		= sch,
		.ctx		= {
			.kind		= kind,
			.exit_code	= kind ? sch->exit_info->exit_code : 0,
			.reason		= reason,
			.at_ns		= ktime_get_ns(),
			.at_jiffies	= jiffies,
		},
		/* another CPU may be about to end the scheduler during SysRq-D */
		.fault		= kind ? sch->exit_task : NULL,
		.buf		= sch->exit_info->dump,
		.size		= sch->ops.exit_dump_len ?: SCX_EXIT_DUMP_DFL_LEN,
		.new_line	= true,
		.seq		= ++seq ?: ++seq,	/* 0 is that of new tasks */
		.deadline	= jiffies + msecs_to_jiffies(SCX_DUMP_MAX_MS),
	};

	/* so short that not even the mark has its place */
	if (d.size < 4 * sizeof(SCX_DUMP_CUT)) {
		strscpy(d.buf, "~~~", d.size);
		return;
	}

	scx_dump_current = &d;
	scx_dump_section(&d, d.size - d.size / 4);
	scx_dump_header(&d);
	scx_dump_cpus(&d);
	scx_dump_section(&d, d.size);
	scx_dump_events(&d);
	scx_dump_sched(&d);
	scx_dump_current = NULL;
}

/**
 * scx_dump_exit - make the dump of a scheduler that has ended with an error
 * @sch: the scheduler, its exit recorded; a second call does nothing
 *
 * Context: scx_helper.
 */
void scx_dump_exit(struct scx_sched *sch)
{
	struct scx_exit_info *ei = sch->exit_info;

	if (ei->kind >= SCX_EXIT_ERROR && !ei->dump[0])
		scx_dump_make(sch, ei->kind, ei->reason);
}

/**
 * scx_dump_trace - send the dump to the trace event, line by line
 * @sch: the scheduler; the text is as before on return
 *
 * Context: scx_helper.
 */
void scx_dump_trace(struct scx_sched *sch)
{
	char *line = sch->exit_info->dump;

	if (!trace_sched_ext_dump_enabled())
		return;
	while (*line) {
		char *end = strchrnul(line, '\n'), c = *end;

		*end = '\0';
		trace_sched_ext_dump(line);
		*end = c;
		line = c ? end + 1 : end;
	}
}

static void scx_dump_sysrq_workfn(struct kthread_work *work)
{
	struct scx_sched *sch = scx_root;

	/* one that has ended has been here, or will be */
	if (!sch || atomic_read(&sch->exit_kind) != SCX_EXIT_NONE)
		return;
	scx_dump_make(sch, SCX_EXIT_NONE, "asked for by SysRq-D");
	scx_dump_trace(sch);
	sch->exit_info->dump[0] = '\0';
}

static DEFINE_KTHREAD_WORK(scx_dump_sysrq_work, scx_dump_sysrq_workfn);

static void scx_dump_sysrq(int key)
{
	if (!scx_enabled())
		pr_info("sched_ext: no BPF scheduler to dump\n");
	else if (!trace_sched_ext_dump_enabled())
		pr_info("sched_ext: the dump goes to the trace event sched_ext:sched_ext_dump, which is off\n");
	else
		kthread_queue_work(scx_helper, &scx_dump_sysrq_work);
}

static const struct sysrq_key_op scx_dump_sysrq_op = {
	.handler	= scx_dump_sysrq,
	.help_msg	= "dump-sched-ext(D)",
	.action_msg	= "Dump sched_ext to its trace event",
	.enable_mask	= SYSRQ_ENABLE_DUMP,
};

/**
 * scx_bpf_dump_bstr - add to the debug dump
 * @fmt: text, a format as for bpf_trace_printk(); may have several lines, or a part of
 *	one
 * @data: the arguments, one u64 each
 * @data__sz: size of @data in bytes
 *
 * Up to 1023 characters a call. Programs use the macro scx_bpf_dump().
 *
 * Context: dump(), dump_cpu(), dump_task(); elsewhere it is an error.
 */
noinline __used void scx_bpf_dump_bstr(char *fmt, unsigned long long *data, u32 data__sz)
{
	if (!scx_call_allows(SCX_CALL_DUMP, "scx_bpf_dump_bstr"))
		return;
	if (scx_exit_format(scx_dump_said, sizeof(scx_dump_said), "scx_bpf_dump", fmt, data, data__sz))
		scx_dump_text(scx_dump_current, scx_dump_said);
	else
		scx_dump_printf(scx_dump_current, "[invalid format or arguments]\n");
}

BTF_SET8_START(scx_dump_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dump_bstr)
BTF_SET8_END(scx_dump_kfuncs)

static const struct btf_kfunc_id_set scx_dump_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_dump_kfuncs,
};

int __init scx_dump_boot_init(void)
{
	int ret = register_sysrq_key('D', &scx_dump_sysrq_op);

	return ret ?: scx_call_register_kfuncs(&scx_dump_kfunc_set);
}
