# SPDX-License-Identifier: GPL-2.0
# The door to everything: each target says what it does in `make help` (the text after ##) and calls a script.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
LTS   := tools/lts
VM    := tools/testing/selftests/sched_ext/vm
# One at a time in a clone: two would move each other's temporary files away.
PROGS  = +@mkdir -p build && flock build/.progs.lock $(MAKE) -f $(LTS)/progs.mk -j$(or $(JOBS),$(shell nproc))
export KSRC JOBS SCHED T CMD BPF_CLANG

# DEBUG=0 is as good as none.
override DEBUG := $(filter-out 0,$(DEBUG))
export DEBUG
# The programs' makefile and the scripts do things in parallel themselves, and share one build/.
.NOTPARALLEL:

.PHONY: help run test bench soak vm shell kernel pristine scheds new-sched tools series patches api setup check clean
help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12
	@echo; echo 'Options: SCHED=scx_qmap (run)  NAME=scx_foo (new-sched)  T=room/case (test)  DEBUG=1 (test, vm, shell, kernel)  CMD="..." (vm)  KSRC=tree-or-tarball  JOBS=n'

run: kernel scheds tools	## boot the patched kernel, put a real load on a BPF scheduler (SCHED=), take it away again, and prove each step
	@$(VM)/run-demo

test: kernel scheds tools	## run the tests in virtual machines; T=room or T=room/case for some, DEBUG=1 on the debug kernel
	@$(VM)/test

bench: kernel pristine scheds tools	## deterministic measurements against pristine 6.1
	@tools/lab/bench

soak: kernel scheds tools	## an hour of each scheduler (SCHED=), in guest time; not part of the tests
	@tools/lab/soak

vm: kernel scheds tools	## run CMD="..." in a virtual machine, with its exit status
	@$(VM)/vm

shell: kernel scheds tools	## a shell in a virtual machine
	@$(VM)/vm --shell

kernel: setup	## build the patched kernel (and with DEBUG=1 the debug kernel)
	@$(LTS)/kernel
	@$(if $(DEBUG),$(LTS)/kernel --debug)

pristine: setup	## build the 6.1 kernel without the patches
	@$(LTS)/kernel --pristine

scheds: kernel	## build every scheduler of scheds/ to build/bin
	@$(LTS)/toolchain
	$(PROGS) scheds

new-sched:	## write a working skeleton of a scheduler to scheds/: NAME=scx_foo
	@$(LTS)/new-sched "$(NAME)"

tools: kernel	## build the tools and the tests' programs to build/bin
	@$(LTS)/toolchain
	$(PROGS) tools tests

series: setup	## write the git-am-able series to build/series-out and prove it; BUILD=1 builds every step, BUILD=quick only the folders it touches
	@STEPS=$(BUILD) $(LTS)/series

patches: setup	## build/series, the place to edit patches; tools/lts/series.py refresh writes them back
	@$(LTS)/pristine && $(LTS)/series.py import && $(LTS)/series.py status

api: setup	## write the reference of callbacks and kfuncs, Documentation/scheduler/sched-ext-api.rst, from the comments in the sources
	@$(LTS)/pristine && $(LTS)/api.py

setup:	## install what is missing from Debian
	@$(LTS)/setup

check:	## style and form: C, shell, Python, licences, patches
	@$(LTS)/setup kernel check && $(LTS)/check

clean:	## remove build/
	rm -rf build
