/* The border between the gateway and a plugin, in C99 and C++20. Major version 1: the symbol's
 * name.
 *
 * Only bytes and numbers cross: no object, exception, heap or library type. Every struct that may
 * grow starts with its size; what a reader does not know lies behind what it knows. Tags: [one]
 * never two calls at once; [many] any number of threads at once. Lifetimes: what a call is given is
 * lent until it returns; what the gateway is given is copied before put() returns;
 * stafett_plugin_v1 and its manifest live for ever. Every call has a deadline (100 ms): a plugin
 * that passes it is sick. C++ authors read adapter.h instead. */
#ifndef STAFETT_ABI_H
#define STAFETT_ABI_H
#include <stddef.h>
#include <stdint.h>
#define STAFETT_ABI_MINOR 0u
#ifdef __cplusplus
extern "C" {
#endif
/* clang-format off */
typedef struct { const char* data; size_t size; } stafett_bytes; /* never grows; no final NUL */

typedef enum { STAFETT_ACCEPTED, STAFETT_CONTENT_REFUSED, STAFETT_NOT_ALLOWED, STAFETT_CONFLICT,
               STAFETT_MALFORMED, STAFETT_BUSY } stafett_outcome;
typedef enum { STAFETT_BY_STATUS, /* as the gateway judges the HTTP status (and a SOAP Fault) itself */
               STAFETT_DELIVERED, STAFETT_RETRY, STAFETT_REFUSED, STAFETT_DENIED } stafett_fate;
enum { STAFETT_OK = 0, STAFETT_FAILED = -1, STAFETT_FULL = -2 /* put(): over a limit */ };

/* What may be looked up. The first four take a path in the document: names parted by '/', "@name",
 * "name[2]" counted from 0, "" for the root; names without prefix, in any namespace. */
typedef enum { STAFETT_TEXT, STAFETT_NAME, STAFETT_SPACE, STAFETT_COUNT, /* items at this path */
               STAFETT_HEADER, STAFETT_SETTING, STAFETT_ATTRIBUTE, STAFETT_QUERY } stafett_what;
/* What may be put; the name is used where it says so. BODY adds at the end. */
typedef enum { STAFETT_PUT_BODY, STAFETT_PUT_HEADER /* name */, STAFETT_PUT_METHOD, STAFETT_PUT_PATH,
               STAFETT_PUT_FORM, STAFETT_PUT_DOCUMENT /* the path that is the document */,
               STAFETT_PUT_ATTRIBUTE /* name */, STAFETT_PUT_CODE, STAFETT_PUT_RECEIVER_ID,
               STAFETT_PUT_INFO /* delivered, with a text to show */,
               STAFETT_PUT_RETRY_AFTER /* seconds */,
               STAFETT_PUT_PROBLEM /* name: code, value: place */ } stafett_put;

typedef struct stafett_call {   /* one call; lent for it; used by the thread that was called alone */
    size_t struct_size;
    void* gateway;
    void* state;                /* what open() made */
    uint64_t deadline_ns;       /* CLOCK_MONOTONIC */
    int32_t (*look)(const struct stafett_call*, int32_t what, stafett_bytes name,
                    stafett_bytes* found); /* how many; 0 = none */
    int32_t (*put)(const struct stafett_call*, int32_t what, stafett_bytes name, stafett_bytes value);
} stafett_call;

typedef struct { size_t struct_size; stafett_bytes code, place, text; uint32_t warning; } stafett_line;
typedef struct {                /* our outcome, to be said in the sender's own form */
    size_t struct_size;
    uint32_t outcome, english, http_status /* what the gateway itself would use */, retry_after;
    stafett_bytes id, sender_id, case_own, receipt, code, text, time /* 2026-01-01T12:00:00Z */, form;
    const stafett_line* lines;  /* at most 50; the next lies struct_size bytes further on */
    size_t line_count, problem_count;
} stafett_reply;
typedef struct {                /* a receiver's answer; its document has been read strictly */
    size_t struct_size;
    uint32_t http_status, has_document; /* 0 = empty or unreadable */
    stafett_bytes our_id, form;
} stafett_answer;
typedef struct { size_t struct_size; stafett_bytes method, path, form; } stafett_request;
typedef struct { size_t struct_size; stafett_bytes method, path, form, body; } stafett_outgoing;
typedef struct { size_t struct_size; stafett_bytes form; } stafett_document;

typedef struct {                /* a null function = as the manifest declares, else the gateway's way */
    size_t struct_size;
    uint32_t abi_minor, reserved;
    stafett_bytes manifest;     /* JSON: docs/plugin-manifest.md */
    int32_t (*open)(const stafett_call*, void** state);                   /* [one] first; again on reload */
    void (*close)(void* state);                                           /* [one] last, for each open */
    int32_t (*decode)(const stafett_call*, const stafett_request*);       /* [many] OK or FAILED */
    int32_t (*encode)(const stafett_call*, const stafett_outgoing*);      /* [many] OK or FAILED */
    int32_t (*reply)(const stafett_call*, const stafett_reply*);          /* [many] HTTP status or FAILED */
    int32_t (*interpret)(const stafett_call*, const stafett_answer*);     /* [many] stafett_fate or FAILED */
    int32_t (*check)(const stafett_call*, const stafett_document*);       /* [many] OK or FAILED */
} stafett_plugin;

/* clang-format on */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
extern const stafett_plugin stafett_plugin_v1; /* the one symbol a plugin exports */
#ifdef __cplusplus
}
#endif
#endif
