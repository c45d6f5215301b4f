# SPDX-License-Identifier: GPL-2.0-only
#
# What of the reader needs a library.  It is in files of its own: they are built,
# with HAVE_NAME defined everywhere, where pkg-config finds the library and the
# build is not a static one.
#
# Sets FEATURE_CFLAGS, FEATURE_LIBS, LEFT_OUT (files), missing (names) and static.
# The flags also say where the parts of the page of ptdbg tables --html are.

PKG_CONFIG ?= pkg-config
feature_dir := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))/

# NAME: its files; the library for pkg-config; its Debian package; what it brings
FEATURES := JSON ELF CURSES KDUMP
JSON := json.c json_count.c json_knobs.c out_json.c explain_json.c
JSON.library := json-c
JSON.package := libjson-c-dev
JSON.brings := output as JSON
ELF := functions.c
ELF.library := libelf
ELF.package := libelf-dev
ELF.brings := names of functions in user space
CURSES := cmd_top.c top_screen.c
CURSES.library := ncursesw
CURSES.package := libncurses-dev
CURSES.brings := ptdbg top
KDUMP := image_kdump.c
KDUMP.library := libkdumpfile
KDUMP.package := libkdumpfile-dev
KDUMP.brings := ptdbg dump of kdump-compressed dumps

written := $(foreach f,$(FEATURES),$(if $(wildcard $(addprefix $(feature_dir),$($(f)))),$(f)))
static := $(findstring -static,$(LDFLAGS))
ifeq ($(static),)
found := $(foreach f,$(written),$(if $(shell $(PKG_CONFIG) --exists $($(f).library) 2>/dev/null && echo y),$(f)))
endif
missing := $(filter-out $(found),$(written))
ifneq ($(found),)
libraries := $(foreach f,$(found),$($(f).library))
FEATURE_CFLAGS := $(addprefix -DHAVE_,$(found)) $(shell $(PKG_CONFIG) --cflags $(libraries))
FEATURE_LIBS := $(shell $(PKG_CONFIG) --libs $(libraries))
endif

FEATURE_CFLAGS += '-DPICTURE_DIR="$(feature_dir)"'

LEFT_OUT := $(foreach f,$(missing),$(addprefix $(feature_dir),$($(f))))
