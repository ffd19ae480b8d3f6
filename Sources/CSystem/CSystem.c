#define _GNU_SOURCE
#include "CSystem.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <math.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

// glibc hands them to every constructor. Swift reads /proc/self/cmdline, which a bare chroot does not have.
static int argument_count;
static char **arguments;

__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}

const char *csystem_argument(int index) {
    return index >= 0 && index < argument_count ? arguments[index] : NULL;
}

int csystem_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int csystem_close_from(void *actions, int first) { return posix_spawn_file_actions_addclosefrom_np(actions, first); }

// The binary runs with glibc 2.34 (RHEL 9, Amazon Linux 2023). What it is linked with refers to two newer functions,
// which these take the place of; hidden, so that no library of the process sees them.
#define HIDDEN __attribute__((visibility("hidden")))

// Swift's overlay of glibc refers to hypotf@GLIBC_2.35. The product of two floats is exact in a double.
HIDDEN float hypotf(float x, float y) {
    if (isinf(x) || isinf(y)) return INFINITY;
    return (float)sqrt((double)x * x + (double)y * y);
}

// libgcc's unwinder asks _dl_find_object@GLIBC_2.35 where an address has its table of frames.
#ifdef DLFO_STRUCT_HAS_EH_DBASE
struct search {
    uintptr_t address;
    struct dl_find_object *result;
};

static int visit(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    struct search *search = data;
    uintptr_t start = UINTPTR_MAX, end = 0;
    const void *frames = NULL;
    int holds = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t first = info->dlpi_addr + header->p_vaddr, last = first + header->p_memsz;
        if (header->p_type == PT_GNU_EH_FRAME) frames = (const void *)first;
        if (header->p_type != PT_LOAD) continue;
        if (first < start) start = first;
        if (last > end) end = last;
        if (search->address >= first && search->address < last) holds = 1;
    }
    if (!holds || frames == NULL) return 0;
    memset(search->result, 0, sizeof *search->result);
    search->result->dlfo_map_start = (void *)start;
    search->result->dlfo_map_end = (void *)end;
    search->result->dlfo_eh_frame = (void *)frames;
    return 1;
}

HIDDEN int _dl_find_object(void *address, struct dl_find_object *result) {
    struct search search = {(uintptr_t)address, result};
    return dl_iterate_phdr(visit, &search) == 1 ? 0 : -1;
}
#endif
