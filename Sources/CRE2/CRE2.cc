// Fairlead: RE2 behind a C border, for FairleadRE2
// SPDX-License-Identifier: Apache-2.0
#include "CRE2.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace {

// Longer prefixes would tell apart hardly any more routes, and finding one costs an automaton state a byte.
constexpr int longestPrefix = 256;

// As Envoy 1.40 has it: `.` is one byte, not one UTF-8 sequence, and `\x{100}` is refused (seen in the real one).
// Nothing is written to standard error; the defaults hold for the rest, the memory budget of 8 MiB among them.
re2::RE2::Options envoyOptions() {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    return options;
}

// RE2 says where a group matched by address, and says NULL for "nowhere", so no text may begin at NULL.
re2::StringPiece piece(const char *bytes, size_t count) {
    return bytes == nullptr ? re2::StringPiece("", 0) : re2::StringPiece(bytes, count);
}

// RE2 tells two texts between which every match lies, both included. All of them begin with what the two have in
// common. Often the greater one is just the successor of a prefix ("/a/.*": "/a/" to "/a0"); then all but the successor
// itself begin with that prefix, and a look at the successor settles it.
std::string requiredPrefix(const re2::RE2 &expression) {
    std::string least, greatest;
    if (!expression.ok() || !expression.PossibleMatchRange(&least, &greatest, longestPrefix)) return {};
    const size_t shorter = std::min(least.size(), greatest.size());
    const auto end = std::mismatch(least.begin(), least.begin() + shorter, greatest.begin()).first;
    const size_t common = end - least.begin();
    const bool succeeds = common < shorter && greatest.size() == common + 1 &&
                          static_cast<unsigned char>(least[common]) + 1 == static_cast<unsigned char>(greatest[common]);
    return least.substr(0, succeeds && !re2::RE2::FullMatch(greatest, expression) ? common + 1 : common);
}

}  // namespace

struct fl_re2 {
    explicit fl_re2(const re2::StringPiece &pattern)
        : expression(pattern, envoyOptions()), prefix(requiredPrefix(expression)) {}

    const re2::RE2 expression;
    const std::string prefix;
};

// Each function catches everything, std::bad_alloc before all: Swift frames cannot be unwound.

struct fl_re2 *fl_re2_compile(const char *pattern, size_t count) try {
    return new fl_re2(piece(pattern, count));
} catch (...) {
    return nullptr;
}

void fl_re2_destroy(struct fl_re2 *handle) try {
    delete handle;
} catch (...) {
}

const char *fl_re2_fault(const struct fl_re2 *handle, size_t *out_count) {
    static constexpr char outOfMemory[] = "out of memory";
    if (handle == nullptr) {
        *out_count = sizeof(outOfMemory) - 1;
        return outOfMemory;
    }
    if (handle->expression.ok()) return nullptr;
    const std::string &words = handle->expression.error();
    *out_count = words.size();
    return words.data();
}

int fl_re2_program_size(const struct fl_re2 *handle) { return handle->expression.ProgramSize(); }

int fl_re2_group_count(const struct fl_re2 *handle) { return handle->expression.NumberOfCapturingGroups(); }

const char *fl_re2_required_prefix(const struct fl_re2 *handle, size_t *out_count) {
    *out_count = handle->prefix.size();
    return handle->prefix.data();
}

bool fl_re2_matches(const struct fl_re2 *handle, const char *text, size_t count) try {
    return handle->expression.Match(piece(text, count), 0, count, re2::RE2::ANCHOR_BOTH, nullptr, 0);
} catch (...) {
    return false;
}

bool fl_re2_find(const struct fl_re2 *handle, const char *text, size_t count, size_t from,
                 struct fl_re2_range *out_groups, size_t group_count) try {
    if (from > count || group_count > FL_RE2_GROUPS) return false;
    const re2::StringPiece whole = piece(text, count);
    re2::StringPiece groups[FL_RE2_GROUPS];
    if (!handle->expression.Match(whole, from, count, re2::RE2::UNANCHORED, groups, static_cast<int>(group_count))) {
        return false;
    }
    for (size_t index = 0; index < group_count; index++) {
        const bool matched = groups[index].data() != nullptr;
        out_groups[index].start = matched ? static_cast<size_t>(groups[index].data() - whole.data()) : 0;
        out_groups[index].count = matched ? groups[index].size() : 0;
    }
    return true;
} catch (...) {
    return false;
}

size_t fl_re2_substitution_fault(const struct fl_re2 *handle, const char *substitution, size_t count, char *out_text,
                                 size_t capacity) try {
    std::string words;
    if (handle->expression.CheckRewriteString(piece(substitution, count), &words)) return 0;
    std::copy_n(words.begin(), std::min(words.size(), capacity), out_text);
    return words.size();
} catch (...) {
    return 0;
}

namespace {

// The automaton of a set grows while it is used, up to this; when it is full it begins anew, and a text that alone needs
// more is answered by "out of memory".
constexpr int64_t setMemory = 32 << 20;

re2::RE2::Options setOptions() {
    re2::RE2::Options options = envoyOptions();
    options.set_max_mem(setMemory);
    return options;
}

}  // namespace

struct fl_re2_set {
    fl_re2_set() : set(setOptions(), re2::RE2::ANCHOR_BOTH) {}

    re2::RE2::Set set;
};

struct fl_re2_set *fl_re2_set_compile(const char *patterns, const size_t *lengths, size_t count) try {
    if (count > FL_RE2_SET_PATTERNS) return nullptr;
    auto handle = std::make_unique<fl_re2_set>();
    for (size_t index = 0; index < count; index++) {
        if (handle->set.Add(piece(patterns, lengths[index]), nullptr) != static_cast<int>(index)) return nullptr;
        patterns += lengths[index];
    }
    return handle->set.Compile() ? handle.release() : nullptr;
} catch (...) {
    return nullptr;
}

void fl_re2_set_destroy(struct fl_re2_set *handle) try {
    delete handle;
} catch (...) {
}

bool fl_re2_set_matches(const struct fl_re2_set *handle, const char *text, size_t count, uint64_t *out_words) try {
    // Kept by the thread: a decision should not ask for memory each time.
    thread_local std::vector<int> found;
    re2::RE2::Set::ErrorInfo error = {re2::RE2::Set::kNoError};
    if (!handle->set.Match(piece(text, count), &found, &error)) return error.kind == re2::RE2::Set::kNoError;
    for (int index : found) out_words[index / 64] |= uint64_t{1} << (index % 64);
    return true;
} catch (...) {
    return false;
}
