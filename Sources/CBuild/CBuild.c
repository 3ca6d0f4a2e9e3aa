#include "CBuild.h"

// Package.swift passes it on. That makes this file, and nothing else, out of date with each commit.
#ifndef VPYBOARD_COMMIT
#define VPYBOARD_COMMIT ""
#endif

const char *cbuild_commit(void) { return VPYBOARD_COMMIT; }
