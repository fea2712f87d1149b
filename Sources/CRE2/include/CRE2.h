// Fairlead: RE2 behind a C border, for FairleadRE2
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_CRE2_H
#define FAIRLEAD_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// No function throws or traps, whatever the bytes: patterns and texts may hold NUL and need not be UTF-8. All but
// fl_re2_destroy may be called by many threads at once for one handle.

// A pattern: compiled, or refused with a reason.
struct fl_re2;

// Where a group matched: `count` bytes from byte `start` of the text. A group that took no part has 0 and 0.
struct fl_re2_range {
    size_t start;
    size_t count;
};

// The most groups that a search tells of: the whole match and \1 to \9.
#define FL_RE2_GROUPS 10

// Compiles `count` bytes at `pattern`. Ask fl_re2_fault, before anything else, whether the pattern is good; NULL means
// that memory ran out. The caller owns the handle and passes it to fl_re2_destroy.
struct fl_re2 *fl_re2_compile(const char *pattern, size_t count);

// Frees a handle; NULL is fine.
void fl_re2_destroy(struct fl_re2 *handle);

// Why the pattern was refused, in RE2's words, as long as the handle lives; NULL when it was compiled. A NULL handle
// has a reason too.
const char *fl_re2_fault(const struct fl_re2 *handle, size_t *out_count);

// The number of instructions of the compiled program; -1 for a refused pattern.
int fl_re2_program_size(const struct fl_re2 *handle);

// How many groups the pattern has, not counting the whole match; -1 for a refused pattern.
int fl_re2_group_count(const struct fl_re2 *handle);

// The bytes that every full match begins with, possibly none, as long as the handle lives.
const char *fl_re2_required_prefix(const struct fl_re2 *handle, size_t *out_count);

// Whether the whole text matches. `text` may be NULL when `count` is 0.
bool fl_re2_matches(const struct fl_re2 *handle, const char *text, size_t count);

// Finds the leftmost match that begins at byte `from` or later, and fills the first `group_count` (1 to FL_RE2_GROUPS)
// of `out_groups`. What stands before `from` still counts for ^ and \b.
bool fl_re2_find(const struct fl_re2 *handle, const char *text, size_t count, size_t from,
                 struct fl_re2_range *out_groups, size_t group_count);

// Judges a substitution for this pattern. Returns the length of RE2's complaint, 0 when there is none, and copies as
// much of it as fits into `capacity` bytes at `out_text`.
size_t fl_re2_substitution_fault(const struct fl_re2 *handle, const char *substitution, size_t count, char *out_text,
                                 size_t capacity);

// Patterns that are asked at once.
struct fl_re2_set;

// The most patterns of a set.
#define FL_RE2_SET_PATTERNS 256

// Compiles `count` patterns, each of which fl_re2_compile took; they lie one behind the other at `patterns`, the first one
// `lengths[0]` bytes long. NULL when that takes too much memory, or for more than FL_RE2_SET_PATTERNS. The caller owns
// the handle and passes it to fl_re2_set_destroy.
struct fl_re2_set *fl_re2_set_compile(const char *patterns, const size_t *lengths, size_t count);

// Frees a handle; NULL is fine.
void fl_re2_set_destroy(struct fl_re2_set *handle);

// Sets in `out_words`, which has FL_RE2_SET_PATTERNS bits and comes zeroed, the bit of each pattern that the whole text
// matches. false when that cannot be told, because memory ran out; the bits mean nothing then.
bool fl_re2_set_matches(const struct fl_re2_set *handle, const char *text, size_t count, uint64_t *out_words);

#ifdef __cplusplus
}
#endif

#endif
