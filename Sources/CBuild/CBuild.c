#include "CBuild.h"

#include <stddef.h>

// Written by scripts/build-information. In C, since a new commit then costs this one file and the last link.
#if __has_include("../../.build/build-information.h")
#include "../../.build/build-information.h"
#endif

#ifndef SAIL_COMMIT
#define SAIL_COMMIT NULL
#endif
#ifndef SAIL_DATE
#define SAIL_DATE NULL
#endif
#ifndef SAIL_SWIFT
#define SAIL_SWIFT NULL
#endif

const char *cbuild_commit(void) { return SAIL_COMMIT; }
const char *cbuild_date(void) { return SAIL_DATE; }
const char *cbuild_swift(void) { return SAIL_SWIFT; }
