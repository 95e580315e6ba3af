# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the shell scripts of tools/lts: where things are, how they speak, how a long step shows that it lives.
# Sourced, never run. Callers set LTS_STEP to the word that opens their lines.

set -u -o pipefail
export LC_ALL=C.UTF-8

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$ROOT/build
LOGS=$BUILD/log
LTS_STEP=${LTS_STEP:-scx-lts}

say() { printf '%s: %s\n' "$LTS_STEP" "$*"; }

# die WHAT [WAY-OUT]: every error names the thing first and then what to do about it.
die()
{
	printf '%s: error: %s\n' "$LTS_STEP" "$1" >&2
	[ $# -lt 2 ] || printf '%s: way out: %s\n' "$LTS_STEP" "$2" >&2
	exit 1
}

# forget_make: before another project's make. The kernel's tools/ take DEBUG and V from the environment as their own: objtool
# would be built anew, and with it every object, whenever these change.
forget_make() { unset MAKEFLAGS MFLAGS MAKELEVEL DEBUG V T CMD SCHED; }

# need_space DIR MIB WHAT: refuse to begin what cannot end.
need_space()
{
	local have
	mkdir -p "$1" 2>/dev/null
	have=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ -n "$have" ] || return 0
	[ "$have" -ge "$2" ] ||
		die "$3 needs $2 MiB in $1, and only $have MiB are free" "make room there, or clone to a larger disk; \`make clean\` empties build/"
}

# lock_build: one build at a time in a clone. The lock goes with the process, so that nothing is left behind by a kill.
lock_build()
{
	mkdir -p "$BUILD" || die "cannot create $BUILD" "check the permissions of $ROOT"
	exec {LTS_LOCK}>"$BUILD/.lock" || die "cannot write $BUILD/.lock" "check the owner of $BUILD: was it built by another user?"
	if ! flock -n "$LTS_LOCK"; then
		say "another build runs in this clone: waiting for it to end"
		flock "$LTS_LOCK" || die "cannot lock $BUILD/.lock"
	fi
}

# run_logged LABEL LOG CMD...: run with all output in LOG, and a line every 20 s. Returns the status of CMD.
# The child does not inherit the lock: a stray grandchild must not hold up the next build.
run_logged()
{
	local label=$1 log=$2 pid tick start=$SECONDS last=$SECONDS status
	shift 2
	mkdir -p "$(dirname "$log")"
	exec {tick}<> <(:)
	if [ -n "${LTS_LOCK:-}" ]; then
		"$@" >"$log" 2>&1 </dev/null {LTS_LOCK}>&- &
	else
		"$@" >"$log" 2>&1 </dev/null &
	fi
	pid=$!
	# shellcheck disable=SC2064	# pid is meant as it is now
	trap "kill -TERM $pid 2>/dev/null; wait $pid; echo \"\$LTS_STEP: interrupted: run the same command again to go on\" >&2; exit 130" INT TERM HUP
	while kill -0 "$pid" 2>/dev/null; do
		read -rt 0.3 -u "$tick" || :
		if [ $((SECONDS - last)) -ge 20 ]; then
			last=$SECONDS
			say "$label: $((SECONDS - start)) s$(progress_of "$log")"
		fi
	done
	wait "$pid"
	status=$?
	trap - INT TERM HUP
	exec {tick}>&-
	return $status
}

# progress_of LOG: kbuild's lines are counted; for anything else the last line tells most.
progress_of()
{
	local n
	n=$(grep -cE '^  ?(CC|AS|LD|AR|HOSTCC|HOSTLD|GEN|BTF|CLANG|LINK)[^ ]* ' "$1")
	if [ "$n" -gt 0 ]; then
		echo ", $n steps, now $(tail -n 1 "$1" | cut -c1-70 | tr -s ' ')"
	elif [ -s "$1" ]; then
		echo ", $(tail -n 1 "$1" | cut -c1-90)"
	fi
}

# explain_log LOG: the part of a failed log that a reader needs, and the cause where it is a known one.
explain_log()
{
	echo "---- from $1:" >&2
	{ grep -nE '(error:|Error [0-9]|\*\*\*|FAILED|No space left|undefined reference|Killed)' "$1" | head -n 15; echo "---- its end:"; tail -n 15 "$1"; } >&2
	# A full disk may have cut off the very log that would say so.
	if grep -q 'No space left on device' "$1" || [ "$(df -Pm "$BUILD" | awk 'NR == 2 { print $4 }')" -lt 10 ]; then
		die "the disk that holds $BUILD or the cache is full" "make room (df -h $BUILD) and run the same command again: what was built is kept"
	fi
	if grep -qE '(Killed signal|fatal error: Killed|Cannot allocate memory|virtual memory exhausted)' "$1"; then
		die "the machine ran out of memory" "close other programs or build with fewer jobs (JOBS=1)"
	fi
}

cache_dir() { echo "${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/scx-lts"; }

JOBS=${JOBS:-$(($(nproc) + 1))}
