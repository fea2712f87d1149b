// Fairlead: what the threads of the publication model share, and the store buffers between them and it
// SPDX-License-Identifier: Apache-2.0

// An entry of a buffer: the root in 3 bits, what is done in 3, whether it is a release, whether loads wait for it.
#define HAZARD 8
#define HOLD 16
#define UNHOLD 24
#define USE 32
#define PUBLISH 40
#define FILL 48
#define RELAXED 0
#define RELEASE 64
#define AWAITED 128
#define SEQ_CST (RELEASE | AWAITED)
#define ROOT(entry) ((entry) & 7)
#define WHAT(entry) ((entry) & 56)

#if MUTANT == HAZARD_RELEASE
#define HAZARD_ORDER RELEASE
#elif MUTANT == HAZARD_NOT_RELEASE
#define HAZARD_ORDER AWAITED
#elif MUTANT == HAZARD_RELAXED
#define HAZARD_ORDER RELAXED
#else
#define HAZARD_ORDER SEQ_CST
#endif
#if MUTANT == PUBLISH_RELEASE
#define PUBLISH_ORDER RELEASE
#elif MUTANT == PUBLISH_RELAXED
#define PUBLISH_ORDER RELAXED
#else
#define PUBLISH_ORDER SEQ_CST
#endif
#if MUTANT == DETACH_RELAXED
#define DETACH_ORDER RELAXED
#else
#define DETACH_ORDER RELEASE
#endif
#if MUTANT == END_RELAXED
#define UNHOLD_ORDER RELAXED
#else
#define UNHOLD_ORDER RELEASE
#endif

#define CONTROL 2
#define DEPTH 6
typedef Entries { byte at[DEPTH]; byte length };
Entries buffer[3];

// What all threads share.
byte published = 1;
byte hazard[2];
byte holders[ROOTS + 1];

// What the allocator knows of each root: nothing there; allocated; with its content; freed.
#define ABSENT 0
#define RAW 1
#define FILLED 2
#define FREED 3
byte memory[ROOTS + 1];

// What each worker knows: its root, the pins on it, all its pins, those that spilled to each root, and the root whose
// late use is in its buffer.
typedef Roots { byte on[ROOTS + 1] };
byte current[2];
byte pins[2];
byte open[2];
Roots spilled[2];
byte using[2];

// Roots waiting to be freed, known to the control side alone: a set, one bit each.
#define BIT(root) (1 << (root))
byte retired;

// How a run ends: workers that are idle for good, the word to go, and those that went.
byte settled;
bit stopping;
byte gone;

#ifdef RACES
// For each worker and root: 1 used, 2 released since through the hazard slot, 4 released since through `holders`.
Roots track[2];
#endif

// The correct model asserts that no buffer is ever full, so that DEPTH cuts nothing off. A mutant waits instead.
#if MUTANT == 0
#define ROOM(thread) assert(buffer[thread].length < DEPTH)
#else
#define ROOM(thread) buffer[thread].length < DEPTH
#endif

inline issue(thread, entry) {
    ROOM(thread);
    buffer[thread].at[buffer[thread].length] = entry;
    buffer[thread].length++
}

// Whether a seq_cst load may happen.
#define CLEAR(thread) \
    (!((buffer[thread].at[0] | buffer[thread].at[1] | buffer[thread].at[2] | \
        buffer[thread].at[3] | buffer[thread].at[4] | buffer[thread].at[5]) & AWAITED))

// Whether an entry may overtake earlier ones.
#define AT(index) buffer[thread].at[index]
#define ADDS(entry) (WHAT(entry) == HOLD || WHAT(entry) == UNHOLD)
#define SAME_PLACE(a, b) \
    ((WHAT(a) == WHAT(b) && (WHAT(a) == HAZARD || WHAT(a) == PUBLISH)) || \
     (ADDS(a) && ADDS(b) && ROOT(a) == ROOT(b)))
#define PASSES(later, earlier) (!SAME_PLACE(AT(later), AT(earlier)))
#define MOBILE(index) (buffer[thread].length > index && !(AT(index) & RELEASE))

proctype Buffer(byte thread) {
    byte index;
    byte entry;
    byte root;
end:
    do
    :: atomic {
            buffer[thread].length > 0 ->
            if
            :: index = 0
            :: MOBILE(1) && PASSES(1, 0) -> index = 1
            :: MOBILE(2) && PASSES(2, 0) && PASSES(2, 1) -> index = 2
            :: MOBILE(3) && PASSES(3, 0) && PASSES(3, 1) && PASSES(3, 2) -> index = 3
            :: MOBILE(4) && PASSES(4, 0) && PASSES(4, 1) && PASSES(4, 2) && PASSES(4, 3) -> index = 4
            :: MOBILE(5) && PASSES(5, 0) && PASSES(5, 1) && PASSES(5, 2) && PASSES(5, 3) && PASSES(5, 4) -> index = 5
#if MUTANT == HOLD_PASSES_HAZARD
            :: buffer[thread].length > 1 && WHAT(AT(0)) == HOLD && WHAT(AT(1)) == HAZARD -> index = 1
#endif
            fi;
            d_step {
                entry = AT(index);
                do
                :: index + 1 < buffer[thread].length -> AT(index) = AT(index + 1); index++
                :: else -> break
                od;
                buffer[thread].length--;
                AT(buffer[thread].length) = 0;
                root = ROOT(entry);
                if
                :: WHAT(entry) == HAZARD ->
                    hazard[thread] = root;
#ifdef RACES
                    root = 1;
                    do
                    :: root <= ROOTS ->
                        if
                        :: track[thread].on[root] && (entry & RELEASE) ->
                            track[thread].on[root] = track[thread].on[root] | 2
                        :: else
                        fi;
                        root++
                    :: else -> break
                    od
#endif
                :: WHAT(entry) == HOLD ->
                    CHECK(AFTER_FREE, memory[root] != FREED);
                    holders[root]++
                :: WHAT(entry) == UNHOLD ->
                    CHECK(AFTER_FREE, memory[root] != FREED && holders[root] > 0);
                    holders[root]--;
#ifdef RACES
                    if
                    :: track[thread].on[root] && (entry & RELEASE) ->
                        track[thread].on[root] = track[thread].on[root] | 4
                    :: else
                    fi
#endif
                :: WHAT(entry) == USE ->
                    CHECK(AFTER_FREE, memory[root] != FREED);
                    CHECK(UNFILLED, memory[root] != RAW);
                    using[thread] = 0;
#ifdef RACES
                    track[thread].on[root] = 1;
#endif
                    PROBE(LATE_USE)
                :: WHAT(entry) == PUBLISH -> published = root
                :: WHAT(entry) == FILL -> memory[root] = FILLED
                fi;
                index = 0;
                entry = 0;
                root = 0
            }
        }
    od
}
