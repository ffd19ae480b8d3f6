// libcurl behind a table of function pointers that is filled by dlopen at the first request, so that a run
// which sends none neither loads libcurl (4 ms, 6 MB) nor needs it installed. Typed setters stand in for
// curl's variadic ones, which Swift cannot call.
#pragma once
#include <curl/curl.h>
#include <dlfcn.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

struct sail_curl {
    CURL *(*easy_init)(void);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    void (*easy_reset)(CURL *);
    void (*easy_cleanup)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLcode (*global_init)(long);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    char *(*version)(void);
};

// Fills the table; on failure returns the name of what is missing.
static inline const char *sail_curl_open(struct sail_curl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return "libcurl.so.4";
#define SAIL_LOAD(name) \
    if (!(*(void **)&curl->name = dlsym(library, "curl_" #name))) return "curl_" #name;
    SAIL_LOAD(easy_init) SAIL_LOAD(easy_setopt) SAIL_LOAD(easy_getinfo) SAIL_LOAD(easy_reset)
    SAIL_LOAD(easy_cleanup) SAIL_LOAD(easy_strerror) SAIL_LOAD(multi_init) SAIL_LOAD(multi_setopt)
    SAIL_LOAD(multi_add_handle) SAIL_LOAD(multi_remove_handle) SAIL_LOAD(multi_perform) SAIL_LOAD(multi_poll)
    SAIL_LOAD(multi_info_read) SAIL_LOAD(multi_cleanup) SAIL_LOAD(global_init) SAIL_LOAD(slist_append)
    SAIL_LOAD(slist_free_all) SAIL_LOAD(version)
#undef SAIL_LOAD
    return curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? NULL : "curl_global_init";
}

typedef size_t (*sail_curl_data)(char *, size_t, size_t, void *);

static inline CURLcode sail_set_long(const struct sail_curl *curl, CURL *easy, CURLoption option, long value) {
    return curl->easy_setopt(easy, option, value);
}
static inline CURLcode sail_set_size(const struct sail_curl *curl, CURL *easy, CURLoption option, curl_off_t value) {
    return curl->easy_setopt(easy, option, value);
}
static inline CURLcode sail_set_string(const struct sail_curl *curl, CURL *easy, CURLoption option, const char *value) {
    return curl->easy_setopt(easy, option, value);
}
static inline CURLcode sail_set_pointer(const struct sail_curl *curl, CURL *easy, CURLoption option, const void *value) {
    return curl->easy_setopt(easy, option, value);
}
static inline CURLcode sail_set_data(const struct sail_curl *curl, CURL *easy, CURLoption option, sail_curl_data value) {
    return curl->easy_setopt(easy, option, value);
}
// Asked before a request is sent, with the addresses and ports of the connection; 0 lets it go.
typedef int (*sail_curl_question)(void *, char *, char *, int, int);
static inline CURLcode sail_set_prerequisite(const struct sail_curl *curl, CURL *easy, sail_curl_question question) {
    return curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, question);
}
// The protocols that are spoken; libcurl before 7.85 has the older option alone.
static inline CURLcode sail_set_protocol(const struct sail_curl *curl, CURL *easy, int is_plain) {
    const CURLoption older = (CURLoption)(CURLOPTTYPE_LONG + 181); // CURLOPT_PROTOCOLS
    CURLcode code = curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_plain ? "http" : "https");
    return code == CURLE_OK ? code : curl->easy_setopt(easy, older, (long)(is_plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS));
}
// A file in memory with the bytes, which other processes do not get; -1 where there is none.
static inline int sail_memory_file(const void *bytes, size_t count) {
    int file = (int)syscall(SYS_memfd_create, "sail", 1U /* close-on-exec */);
    for (size_t written = 0; file >= 0 && written < count;) {
        ssize_t more = write(file, (const char *)bytes + written, count - written);
        if (more > 0) {
            written += (size_t)more;
        } else {
            close(file);
            return -1;
        }
    }
    return file;
}
// Copies the bytes (a PEM text) into the handle.
static inline CURLcode sail_set_blob(const struct sail_curl *curl, CURL *easy, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl->easy_setopt(easy, option, &blob);
}
static inline CURLMcode sail_multi_set_long(const struct sail_curl *curl, CURLM *multi, CURLMoption option, long value) {
    return curl->multi_setopt(multi, option, value);
}
static inline long sail_get_long(const struct sail_curl *curl, CURL *easy, CURLINFO info) {
    long value = 0;
    curl->easy_getinfo(easy, info, &value);
    return value;
}
static inline curl_off_t sail_get_size(const struct sail_curl *curl, CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    curl->easy_getinfo(easy, info, &value);
    return value;
}
static inline const char *sail_get_string(const struct sail_curl *curl, CURL *easy, CURLINFO info) {
    char *value = NULL;
    curl->easy_getinfo(easy, info, &value);
    return value;
}
static inline CURL *sail_message_handle(const CURLMsg *message) { return message->easy_handle; }
static inline CURLcode sail_message_result(const CURLMsg *message) { return message->data.result; }
