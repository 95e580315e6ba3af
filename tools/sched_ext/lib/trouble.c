// SPDX-License-Identifier: GPL-2.0
/*
 * Why a scheduler does not start, in words that name the way out.
 *
 * libbpf explains itself in warnings, and a refused program comes with the
 * whole log of the verifier, which can be megabytes; its end says what is
 * wrong.  So warnings are kept, as far as they fit, and the last lines are
 * shown only after a failure.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/utsname.h>
#include <bpf/libbpf.h>
#include <scx/kernel.h>
#include "trouble.h"

#define LOG_TAIL_LINES	30

static struct {
	bool verbose;
	size_t len;
	char tail[16384];
} caught;

static void log_append(const char *text, size_t len)
{
	size_t size = sizeof(caught.tail) - 1;

	if (len > size) {
		text += len - size;
		len = size;
	}
	if (caught.len + len > size) {
		size_t drop = caught.len + len - size;

		memmove(caught.tail, caught.tail + drop, caught.len - drop);
		caught.len -= drop;
	}
	memcpy(caught.tail + caught.len, text, len);
	caught.len += len;
	caught.tail[caught.len] = '\0';
}

static int log_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char *text;
	int len;

	if (caught.verbose)
		return vfprintf(stderr, fmt, ap);
	if (level != LIBBPF_WARN)
		return 0;
	len = vasprintf(&text, fmt, ap);
	if (len < 0)
		return 0;
	log_append(text, len);
	free(text);
	return len;
}

void scx_trouble_catch_log(bool verbose)
{
	caught.verbose = verbose;
	caught.len = 0;
	caught.tail[0] = '\0';
	libbpf_set_print(log_print);
}

static void log_show_tail(void)
{
	const char *p = caught.tail + caught.len;
	int lines = 0;

	while (p > caught.tail && (p[-1] != '\n' || lines++ < LOG_TAIL_LINES))
		p--;
	fputs(p, stderr);
	if (caught.len && caught.tail[caught.len - 1] != '\n')
		fputs("\n", stderr);
}

bool scx_trouble_kernel_ok(const char *name)
{
	struct utsname uts = {};
	bool has_btf = scx_kernel_btf();

	if (scx_kernel_struct("sched_ext_ops", NULL) &&
	    !access(SCX_SYSFS, F_OK))
		return true;

	uname(&uts);
	if (!has_btf)
		fprintf(stderr,
			"%s: cannot read the types of kernel %s from /sys/kernel/btf/vmlinux: boot a kernel with CONFIG_SCHED_CLASS_EXT and CONFIG_DEBUG_INFO_BTF, and mount sysfs\n",
			name, uts.release);
	else if (!scx_kernel_struct("sched_ext_ops", NULL))
		fprintf(stderr,
			"%s: kernel %s has no sched_ext: boot one with CONFIG_SCHED_CLASS_EXT\n",
			name, uts.release);
	else
		fprintf(stderr,
			"%s: %s is missing: kernel %s has sched_ext in its types but did not start it; its log says why\n",
			name, SCX_SYSFS, uts.release);
	return false;
}

static bool jit_is_off(void)
{
	FILE *f = fopen("/proc/sys/net/core/bpf_jit_enable", "re");
	int c = f ? fgetc(f) : EOF;

	if (f)
		fclose(f);
	return c == '0';
}

/*
 * CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, which is both.  Root in a container can be
 * without them, and others can have them.  Numbers of uapi/linux/capability.h.
 */
static bool has_capabilities(void)
{
	const unsigned long long sys_admin = 1ULL << 21, both = 1ULL << 38 | 1ULL << 39;
	unsigned long long caps = 0;
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];

	if (!f)
		return !geteuid();
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	fclose(f);
	return (caps & sys_admin) || (caps & both) == both;
}

static void explain_permission(const char *name)
{
	fprintf(stderr,
		"%s: not allowed to load BPF programs: run it as root, or with CAP_BPF and CAP_PERFMON\n",
		name);
}

void scx_trouble_load(const char *name, int err)
{
	/* Whatever libbpf makes of it: types cannot be loaded, maps not made, ... */
	if (!has_capabilities()) {
		explain_permission(name);
		return;
	}

	log_show_tail();
	if (jit_is_off())
		fprintf(stderr,
			"%s: schedulers need BPF's compiler, and it is off: sysctl net.core.bpf_jit_enable=1\n",
			name);
	fprintf(stderr, "%s: the kernel refused to load it: %s%s\n", name,
		strerror(-err), caught.verbose ? "" :
		" (above: the end of the log; -v shows all of it)");
}

void scx_trouble_attach(const char *name, int err)
{
	char other[128];

	if (err == -EBUSY) {
		if (scx_sysfs_read("root/ops", other, sizeof(other)))
			fprintf(stderr,
				"%s: scheduler %s is loaded already: end it first, only one can be\n",
				name, other);
		else
			fprintf(stderr,
				"%s: another scheduler is being loaded or unloaded: try again\n",
				name);
		return;
	}
	if (err == -EPERM && !has_capabilities()) {
		explain_permission(name);
		return;
	}

	log_show_tail();
	fprintf(stderr, "%s: the kernel did not turn it on: %s%s\n", name,
		strerror(-err), err == -EINVAL ?
		" (a flag, limit or name it does not accept; the kernel log says which)" :
		"");
}
