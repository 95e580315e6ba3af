# SPDX-License-Identifier: GPL-2.0
# Builds the programs: schedulers, tools, tests. Wildcards over folders: a new folder or file needs no line here.
#   scheds/NAME/NAME.bpf.c + *.c                         build/bin/NAME
#   tools/sched_ext/NAME.c or tools/sched_ext/NAME/*.c   build/bin/NAME
#   tools/testing/selftests/sched_ext/ROOM/CASE.bpf.c    build/obj/tests/ROOM/CASE.bpf.o (and .skel.h)
#   tools/testing/selftests/sched_ext/*.c, ROOM/*.c      build/bin/scx_test
# Every product is written under a temporary name first, so that an interrupted build leaves nothing that looks whole.
MAKEFLAGS += -r --no-print-directory
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

B     := build
O     := $(B)/obj
TC    := $(B)/toolchain
TESTS := tools/testing/selftests/sched_ext
BPFTOOL := $(TC)/bin/bpftool
CLANG := $(TC)/bin/clang
CC    := $(if $(shell command -v ccache),ccache )gcc
export CCACHE_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/scx-lts/ccache

INC    := -Itools/sched_ext/include -isystem $(TC)/usr/include
CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -D_GNU_SOURCE $(INC)
LIBS   := $(TC)/usr/lib64/libbpf.a -lelf -lz -lpthread -lm
# v3: 6.1 does not know the instructions of v4. uapi types come from vmlinux.h.
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wno-compare-distinct-pointer-types -Wno-missing-declarations \
	      -D__TARGET_ARCH_x86 -I$(B)/include $(INC)

quiet = @printf '  %-7s %s\n' $(1) $(2);
# Prerequisite lists are written under the final name of the product.
deps  = -MMD -MP -MF $@.d -MT $@

SCHEDS := $(foreach d,$(wildcard scheds/scx_*/),$(if $(wildcard $(d)*.bpf.c),$(notdir $(d:/=))))
TOOLS  := $(filter-out lib include,$(notdir $(patsubst %/,%,$(wildcard tools/sched_ext/*/))))
SINGLE := $(basename $(notdir $(wildcard tools/sched_ext/*.c)))
CASES  := $(patsubst $(TESTS)/%.bpf.c,%,$(wildcard $(TESTS)/*/*.bpf.c))
TEST_C := $(filter-out %.bpf.c,$(wildcard $(TESTS)/*.c $(TESTS)/*/*.c))
LIB    := $(O)/libscx.a
LIB_O  := $(patsubst %.c,$(O)/%.o,$(wildcard tools/sched_ext/lib/*.c))

# What is left of sources that are gone: tests and schedulers are found by what lies there.
STALE := $(filter-out $(CASES:%=$(O)/tests/%.bpf.o),$(wildcard $(O)/tests/*/*.bpf.o)) \
	 $(filter-out $(addprefix $(B)/bin/,scx_test $(SCHEDS) $(TOOLS) $(SINGLE)),$(wildcard $(B)/bin/scx_*))
$(if $(STALE),$(shell rm -f $(STALE)))

.PHONY: all scheds tools tests
all: scheds tools tests
scheds: $(addprefix $(B)/bin/,$(SCHEDS)) ; @:
tools: $(LIB) $(addprefix $(B)/bin/,$(TOOLS) $(SINGLE)) ; @:
tests: $(patsubst %,$(O)/tests/%.bpf.o,$(CASES)) $(if $(TEST_C),$(B)/bin/scx_test) ; @:

# vmlinux.h changes rarely though vmlinux changes often: what includes it is rebuilt only when it really differs.
$(B)/include/vmlinux.h: $(O)/vmlinux.stamp ;
$(O)/vmlinux.stamp: $(B)/kernel/vmlinux $(BPFTOOL)
	$(call quiet,BTF,$(B)/include/vmlinux.h) mkdir -p $(B)/include $(O) && \
	$(BPFTOOL) btf dump file $< format c >$(B)/include/.vmlinux.h.tmp && \
	{ cmp -s $(B)/include/.vmlinux.h.tmp $(B)/include/vmlinux.h || mv $(B)/include/.vmlinux.h.tmp $(B)/include/vmlinux.h; } && touch $@

define bpf_object
	$(call quiet,CLANG,$@) mkdir -p $(@D) && \
	$(CLANG) $(BPF_CFLAGS) -I$(<D) $(deps) -c $< -o $@.tmp1 && \
	$(BPFTOOL) gen object $@.tmp2 $@.tmp1 && rm $@.tmp1 && mv $@.tmp2 $@
endef
define c_object
	$(call quiet,CC,$@) mkdir -p $(@D) && $(CC) $(CFLAGS) -I$(@D) -I$(<D) $(deps) -c $< -o $@.tmp && mv $@.tmp $@
endef

$(O)/tests/%.bpf.o: $(TESTS)/%.bpf.c $(B)/include/vmlinux.h tools/lts/progs.mk
	$(bpf_object)
$(O)/%.bpf.o: %.bpf.c $(B)/include/vmlinux.h tools/lts/progs.mk
	$(bpf_object)
# NAME.bpf.skel.h with struct NAME, as loaders expect; a name that is no C identifier gets underscores.
%.bpf.skel.h: %.bpf.o
	$(call quiet,SKEL,$@) $(BPFTOOL) gen skeleton $< name $(subst -,_,$(notdir $*)) >$@.tmp && mv $@.tmp $@
$(O)/tests/%.o: $(TESTS)/%.c tools/lts/progs.mk
	$(c_object)
$(O)/%.o: %.c tools/lts/progs.mk
	$(c_object)
$(LIB): $(LIB_O) tools/lts/progs.mk
	$(call quiet,AR,$@) mkdir -p $(@D) && rm -f $@.tmp && ar rcs $@.tmp $(LIB_O) && mv $@.tmp $@

# program NAME, folder: all its .c files, after the skeletons of its .bpf.c files, with libscx.
define program
$(1)_c := $$(filter-out %.bpf.c,$$(wildcard $(2)/*.c))
$(1)_o := $$(patsubst %.c,$(O)/%.o,$$($(1)_c))
$$($(1)_o): | $$(patsubst %.bpf.c,$(O)/%.bpf.skel.h,$$(wildcard $(2)/*.bpf.c))
$(B)/bin/$(1): $$($(1)_o) $(LIB) $(TC)/usr/lib64/libbpf.a
	$$(call quiet,LINK,$$@) mkdir -p $$(@D) && $$(CC) -o $$@.tmp $$($(1)_o) $(LIB) $(LIBS) && mv $$@.tmp $$@
endef
$(foreach s,$(SCHEDS),$(eval $(call program,$(s),scheds/$(s))))
$(foreach t,$(TOOLS),$(eval $(call program,$(t),tools/sched_ext/$(t))))

$(addprefix $(B)/bin/,$(SINGLE)): $(B)/bin/%: $(O)/tools/sched_ext/%.o $(LIB) $(TC)/usr/lib64/libbpf.a
	$(call quiet,LINK,$@) mkdir -p $(@D) && $(CC) -o $@.tmp $< $(LIB) $(LIBS) && mv $@.tmp $@

TEST_O := $(patsubst $(TESTS)/%.c,$(O)/tests/%.o,$(TEST_C))
# A case with a C part may use the skeleton of its BPF part.
$(foreach c,$(CASES),$(if $(wildcard $(TESTS)/$(c).c),$(eval $(O)/tests/$(c).o: | $(O)/tests/$(c).bpf.skel.h)))
$(B)/bin/scx_test: $(TEST_O) $(LIB) $(TC)/usr/lib64/libbpf.a
	$(call quiet,LINK,$@) mkdir -p $(@D) && $(CC) -o $@.tmp $(TEST_O) $(LIB) $(LIBS) && mv $@.tmp $@

-include $(shell [ ! -d $(O) ] || find $(O) -name '*.d')
