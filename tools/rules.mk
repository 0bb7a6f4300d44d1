# SPDX-License-Identifier: GPL-2.0-or-later
# How a user-space program or library of this project is built. Included at the
# end by tools/Makefile and tests/unit/Makefile, after the lists are complete:
#
#   PROGS += m2mctl                     program, becomes $(O)/m2mctl
#   TESTS += test-qmux                  unit test, becomes $(O)/tests/test-qmux
#   ARCHIVES += libm2m.a                static library, becomes $(O)/lib/libm2m.a
#
# and for each NAME of them (all paths are relative to the top of the tree):
#
#   NAME_SRCS := tools/ctl/main.c ...   its C files
#   NAME_PKGS := glib-2.0 ...           pkg-config modules it uses
#   NAME_ARCHIVES := libm2m.a           static libraries of ours that it links
#   NAME_CPPFLAGS, NAME_LDLIBS          what pkg-config does not know
#
# A source file may belong to several NAMEs: each has its own objects.

top := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
O ?= $(top)/build

CC ?= gcc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow \
	-Wold-style-definition -Wpointer-arith -Wundef -Wvla -Wformat=2 \
	-Wno-format-nonliteral -Wno-unused-parameter \
	-Wno-missing-field-initializers
ALL_CFLAGS := -std=gnu11 $(WARNINGS) $(if $(WERROR),-Werror) \
	-fno-strict-aliasing -fstack-protector-strong $(CFLAGS)
ALL_CPPFLAGS := -D_GNU_SOURCE $(CPPFLAGS)
ALL_LDFLAGS := $(LDFLAGS)
ifneq ($(SANITIZE),)
ALL_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
ALL_LDFLAGS += -fsanitize=address,undefined
else
ALL_CPPFLAGS += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

# objects NAME: where a NAME's objects go.
objects = $(patsubst %.c,$(O)/obj/$(1)/%.o,$($(1)_SRCS))

# pkg FLAG NAME: what pkg-config says about NAME's modules. A missing module
# stops the build with its name.
define pkg
$(if $($(2)_PKGS),$(or $(shell $(PKG_CONFIG) $(1) $($(2)_PKGS)),$(if \
	$(filter 0,$(.SHELLSTATUS)),,$(error $(2) needs $($(2)_PKGS): \
	run tests/vm/setup --host, or see tests/vm/packages))))
endef

# The flags of a NAME change with its lists, which live in the *.mk files.
lists := $(filter %.mk %Makefile,$(MAKEFILE_LIST))

# archive_pkgs NAME: NAME and the archives it links, for their link flags.
with_archives = $(1) $($(1)_ARCHIVES)

define object_rules
$(1)_cflags := $$(call pkg,--cflags,$(1))
$(call objects,$(1)): $(O)/obj/$(1)/%.o: $(top)/%.c $(lists)
	$$(say) CC $$*.c
	$(Q)mkdir -p $$(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $($(1)_CPPFLAGS) $$($(1)_cflags) \
		$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
-include $(patsubst %.o,%.d,$(call objects,$(1)))
endef

# program_rules NAME FILE
define program_rules
$(call object_rules,$(1))
$(1)_libs := $$(foreach n,$(call with_archives,$(1)),$$(call pkg,--libs,$$(n)))
$(2): $(call objects,$(1)) $(addprefix $(O)/lib/,$($(1)_ARCHIVES))
	$$(say) LD $$(@:$(O)/%=%)
	$(Q)mkdir -p $$(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $$@ $$(filter %.o %.a,$$^) \
		$$($(1)_libs) $($(1)_LDLIBS)
endef

define archive_rules
$(call object_rules,$(1))
$(O)/lib/$(1): $(call objects,$(1))
	$$(say) AR $$(@:$(O)/%=%)
	$(Q)mkdir -p $$(@D)
	$(Q)rm -f $$@
	$(Q)$(AR) rcs $$@ $$^
endef

targets := $(addprefix $(O)/,$(PROGS)) $(addprefix $(O)/tests/,$(TESTS))

.DEFAULT_GOAL := all
.PHONY: all clean
all: $(targets)

clean:
	rm -rf $(targets) $(O)/obj $(O)/lib

.DELETE_ON_ERROR:

$(foreach a,$(ARCHIVES),$(eval $(call archive_rules,$(a))))
$(foreach p,$(PROGS),$(eval $(call program_rules,$(p),$(O)/$(p))))
$(foreach t,$(TESTS),$(eval $(call program_rules,$(t),$(O)/tests/$(t))))
