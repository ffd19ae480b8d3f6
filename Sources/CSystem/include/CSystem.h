// Functions of glibc that Swift's module of it does not show. CSystem.c also stands in for functions that are newer
// than the oldest glibc the binary is to run with.
#pragma once

// The process's argument with that number, its name being number 0; NULL beyond the last.
const char *csystem_argument(int index);

// pipe2(2) with close-on-exec for both ends.
int csystem_pipe(int ends[2]);

// posix_spawn_file_actions_addclosefrom_np(3); `actions` is a posix_spawn_file_actions_t.
int csystem_close_from(void *actions, int first);
