// SPDX-License-Identifier: GPL-2.0
/*
 * A struct_ops is registered for as long as its link exists, whatever way the
 * link goes: closed, detached, its owner killed. Without a link, by update and
 * delete of the map, as before. Shown with TCP congestion controls: they are
 * seen in tcp_available_congestion_control, and sockets really call them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/wait.h>
#include "../case.h"

/* The host's headers may be older than struct_ops links. */
#define F_LINK			(1U << 13)
#define ATTACH_STRUCT_OPS	((enum bpf_attach_type)44)
#define LINK_TYPE_STRUCT_OPS	9
#define INFO_MAP_ID(info)	(info).xdp.ifindex	/* same place in the union */

static bool available(const char *name)
{
	char list[4096] = "";

	read_file("/proc/sys/net/ipv4/tcp_available_congestion_control", list,
		  sizeof(list));
	return strstr(list, name);
}

static bool usable(const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool ok;

	CHECK(fd >= 0, "%s", strerror(errno));
	ok = !setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name));
	close(fd);
	return ok;
}

/* A listening socket and one connected to it with congestion control @name. */
static int connected(const char *name, int *listening)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*listening = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!bind(*listening, (void *)&addr, sizeof(addr)), "%s", strerror(errno));
	CHECK(!listen(*listening, 1), "%s", strerror(errno));
	getsockname(*listening, (void *)&addr, &len);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)),
	      "%s: %s", name, strerror(errno));
	CHECK(!connect(fd, (void *)&addr, sizeof(addr)), "%s", strerror(errno));
	return fd;
}

static struct bpf_map *find_map(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	CHECK(map, "no map %s", name);
	return map;
}

static struct bpf_link *attach(struct bpf_object *obj, const char *name)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(find_map(obj, name));

	CHECK(link, "%s: %s", name, strerror(errno));
	return link;
}

static void attach_fails(struct bpf_object *obj, const char *name, int error)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(find_map(obj, name));
	int err = errno;

	CHECK(!link, "%s was attached", name);
	CHECK(err == error, "%s: error is %s, not %s", name, strerror(err), strerror(error));
}

static void check_info(struct bpf_object *obj, struct bpf_link *link, const char *name)
{
	char path[64], text[1024] = "";
	struct bpf_link_info info = {};
	struct bpf_map_info map_info = {};
	__u32 len = sizeof(info);

	CHECK(!bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &len), "%s",
	      strerror(errno));
	CHECK(info.type == LINK_TYPE_STRUCT_OPS, "type is %u", info.type);
	len = sizeof(map_info);
	CHECK(!bpf_map_get_info_by_fd(bpf_map__fd(find_map(obj, name)), &map_info, &len),
	      "%s", strerror(errno));
	CHECK(INFO_MAP_ID(info) == map_info.id, "map id is %u, not %u",
	      INFO_MAP_ID(info), map_info.id);
	CHECK(map_info.map_flags & F_LINK, "flags are %#x", map_info.map_flags);

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_link__fd(link));
	CHECK(read_file(path, text, sizeof(text)) > 0, "%s", path);
	CHECK(strstr(text, "struct_ops") && strstr(text, "map_id:"), "fdinfo: %s", text);
}

static void killed_owner(struct bpf_object *obj)
{
	int pipes[2], status;
	char c;
	pid_t pid;

	CHECK(!pipe(pipes), "%s", strerror(errno));
	pid = fork();
	if (!pid) {
		attach(obj, "by_link");
		write(pipes[1], "x", 1);
		for (;;)
			pause();
	}
	CHECK(read(pipes[0], &c, 1) == 1, "child has not attached");
	CHECK(available("bpf_by_link"), "not registered by a link of another process");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	CHECK(!available("bpf_by_link"), "registered still after its owner was killed");
}

static void run(void)
{
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link, *link2;
	__u32 zero = 0;
	int fd, listening, err;
	LIBBPF_OPTS(bpf_link_update_opts, replace);

	CHECK(!bpf_object__load(obj), "%s\n%s", strerror(errno), bpf_log());

	/* the link is the registration */
	CHECK(!available("bpf_by_link"), "registered by loading");
	link = attach(obj, "by_link");
	CHECK(available("bpf_by_link") && usable("bpf_by_link"), "not registered");
	check_info(obj, link, "by_link");
	attach_fails(obj, "by_link", EEXIST);
	CHECK(available("bpf_by_link"), "gone by a second attempt that failed");

	/* it is called, and a socket that uses it survives the link */
	fd = connected("bpf_by_link", &listening);
	CHECK(obj_u64(obj, "calls") > 0, "no callback was called");
	CHECK(write(fd, "x", 1) == 1, "%s", strerror(errno));
	bpf_link__destroy(link);
	CHECK(!available("bpf_by_link") && !usable("bpf_by_link"), "registered without link");
	CHECK(write(fd, "x", 1) == 1, "%s", strerror(errno));
	close(fd);
	close(listening);

	/* a map can be linked again; detach and close */
	link = attach(obj, "by_link");
	CHECK(available("bpf_by_link"), "not registered again");
	CHECK(!bpf_link_detach(bpf_link__fd(link)), "%s", strerror(errno));
	CHECK(!available("bpf_by_link"), "registered after detach");
	link2 = attach(obj, "by_link");
	bpf_link__destroy(link);
	CHECK(available("bpf_by_link"), "closing a detached link has detached another one");

	/* replaced by another map */
	err = bpf_link__update_map(link2, find_map(obj, "other_name"));
	CHECK(err == -EINVAL, "replaced by one of another name: %d", err);
	err = bpf_link_update(bpf_link__fd(link2),
			      bpf_map__fd(find_map(obj, "by_update")), NULL);
	CHECK(err == -EINVAL, "replaced by a map without links: %d", err);
	err = bpf_link__update_map(link2, find_map(obj, "incomplete"));
	CHECK(err == -EINVAL, "replaced by a map that is not ready: %d", err);
	err = bpf_link__update_map(link2, find_map(obj, "by_link_new"));
	CHECK(!err, "not replaced: %s", strerror(-err));
	check_info(obj, link2, "by_link_new");
	CHECK(available("bpf_by_link") && usable("bpf_by_link"), "gone after update");
	replace.flags = BPF_F_REPLACE;
	replace.old_map_fd = bpf_map__fd(find_map(obj, "by_link"));
	err = bpf_link_update(bpf_link__fd(link2),
			      bpf_map__fd(find_map(obj, "by_link")), &replace);
	CHECK(err == -EPERM, "replaced although it was another one: %d", err);
	replace.old_map_fd = bpf_map__fd(find_map(obj, "by_link_new"));
	err = bpf_link_update(bpf_link__fd(link2),
			      bpf_map__fd(find_map(obj, "by_link")), &replace);
	CHECK(!err, "not replaced back: %s", strerror(-err));
	bpf_link__destroy(link2);
	CHECK(!available("bpf_by_link"), "registered after update and close");

	killed_owner(obj);

	/* what the type refuses as a whole never becomes ready */
	attach_fails(obj, "incomplete", EINVAL);
	/* without its flag a map cannot be linked, with it not deleted */
	CHECK(bpf_link_create(bpf_map__fd(find_map(obj, "by_update")), 0,
			      ATTACH_STRUCT_OPS, NULL) == -EINVAL, "linked without the flag");
	CHECK(bpf_map_delete_elem(bpf_map__fd(find_map(obj, "by_link")), &zero) == -EOPNOTSUPP,
	      "deleted from a map with links");

	/* the old way: registered by update, and until deleted */
	CHECK(!available("bpf_by_update"), "registered by loading");
	link = attach(obj, "by_update");
	CHECK(available("bpf_by_update") && usable("bpf_by_update"), "not registered");
	bpf_link__destroy(link);
	CHECK(!available("bpf_by_update"), "registered after delete");
}
SCX_CASE(run, "a struct_ops is registered for as long as its link exists", .any_kernel = true);
