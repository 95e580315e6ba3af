// SPDX-License-Identifier: GPL-2.0
/* Programs that a case runs, such as the loader of a scheduler. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "runner.h"

#define MAX_ARGS	32
#define KEEP		(256 << 10)

struct prog {
	pid_t	pid;
	int	fd;
	int	status;		/* once it has ended */
	bool	ended;
	size_t	len;
	char	text[KEEP];
};

struct prog *prog_start(const char *name, ...)
{
	const char *argv[MAX_ARGS + 1] = { name };
	struct prog *p = calloc(1, sizeof(*p));
	char path[4352];
	int fds[2], n = 1;
	va_list args;

	va_start(args, name);
	while (n < MAX_ARGS && (argv[n] = va_arg(args, const char *)))
		n++;
	va_end(args);

	if (!p || pipe2(fds, O_CLOEXEC) || fcntl(fds[0], F_SETFL, O_NONBLOCK))
		t_fail("cannot start %s: %s", name, strerror(errno));
	snprintf(path, sizeof(path), "%s/bin/%s", build_dir, name);
	fflush(NULL);
	p->pid = fork();
	if (p->pid < 0)
		t_fail("cannot start %s: %s", name, strerror(errno));
	if (!p->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execv(path, (char **)argv);
		if (errno == ENOENT)
			execvp(name, (char **)argv);
		fprintf(stderr, "cannot run %s: %s\n", name, strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	p->fd = fds[0];
	return p;
}

pid_t prog_pid(const struct prog *p)
{
	return p->pid;
}

const char *prog_output(struct prog *p)
{
	ssize_t n;

	/* what exceeds the space is read, so that the program goes on, and lost */
	do {
		char drop[4096];
		size_t room = KEEP - 1 - p->len;

		n = room ? read(p->fd, p->text + p->len, room) :
			   read(p->fd, drop, sizeof(drop));
		if (n > 0 && room)
			p->len += n;
	} while (n > 0);
	p->text[p->len] = '\0';
	return p->text;
}

static bool ended(struct prog *p)
{
	int status;

	prog_output(p);
	if (!p->ended && waitpid(p->pid, &status, WNOHANG) == p->pid) {
		p->ended = true;
		p->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
						  WEXITSTATUS(status);
		prog_output(p);
	}
	return p->ended;
}

bool prog_prints(struct prog *p, const char *text, unsigned int ms)
{
	WAIT_FOR(strstr(prog_output(p), text) || ended(p), ms);
	return strstr(prog_output(p), text);
}

void prog_signal(struct prog *p, int sig)
{
	if (!p->ended)
		kill(p->pid, sig);
}

int prog_wait(struct prog *p, unsigned int ms)
{
	return WAIT_FOR(ended(p), ms) ? p->status : -1;
}
