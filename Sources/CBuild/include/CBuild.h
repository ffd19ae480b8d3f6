// From what the program was built, as `make` wrote it down; NULL where it was built without make.
#pragma once

// The commit, with "-dirty" where files were changed since.
const char *cbuild_commit(void);

// The commit's date or SOURCE_DATE_EPOCH, as RFC 3339 in UTC.
const char *cbuild_date(void);

// The version of the Swift compiler.
const char *cbuild_swift(void);
