// Fairlead: exhaustive model of publish, adopt, retire and reclaim, on a memory with store buffers
// SPDX-License-Identifier: Apache-2.0
//
// WHAT RUNS. Two workers and one control side (publisher and reclaimer). The workers run without end and in any order:
// refresh, begin, use, end, detach, attach again. Bounded are only the pins that one worker has open at once (PINS) and
// the publications: ROOTS roots, of which the first is there at the start; with REUSE, PUBLICATIONS more of them that
// come and go in ROOTS addresses. Any number of reclaim passes falls anywhere in between.
//
// THE MEMORY. Plain spin is sequentially consistent. So every store, every atomic addition (no thread reads the result
// of one) and every late use of a root goes into a buffer of the thread that issues it, and a process of its own
// carries the entries out, at any later time and in any order that these rules leave:
//   plain, relaxed   may overtake every earlier entry but one for the same location;
//   release          waits for all earlier entries; later ones may still overtake it;
//   seq_cst store    is a release; besides, no seq_cst load of the same thread happens while it is in the buffer;
//   seq_cst load     waits for the seq_cst stores in the thread's own buffer, and for nothing else there;
//   other loads      wait for nothing there, not even for a seq_cst store;
//   addition         adds to memory in one step when it is carried out; ordered as a store is;
//   use              a load from a root, or a plain store into it: may happen late, until a release orders it.
// That is Armv8 with STLR, LDAR, LDAPR and STADD; all that x86-TSO and PSO allow is allowed here. No thread loads a
// location that it stores to, so no load has to look into its own buffer.
// Loads happen in program order, but those of a reclaim pass only as far as acquires keep them so: in mutants they
// happen in every order that is left.
// With RACES the model also keeps what happens before what, in the sense of C++ and Swift: an acquire load that reads
// from a release, or from additions on top of it, learns of what that thread used before. Freeing a root while it has
// been used by a thread from which the reclaimer has not learnt of it is a data race, and fails.
//
// WHAT IT CANNOT SHOW. Stores that reach different readers at different times (POWER); a worker's loads before earlier
// loads of its own; values out of thin air; more workers, pins or roots than run here; fork; whether a worker that is
// overtaken for ever gets on.
//
// WHAT MUST HOLD: the classes of faults just below, and that no thread is ever stuck.
#define AFTER_FREE 1 /* a root is used, held or let go after it was freed; with REUSE: is freed while in use */
#define UNFILLED 2   /* a root is used before its content is there */
#define TWICE 3      /* a root is freed twice */
#define LEAK 4       /* a retired root is left after the last pass, though no idle worker holds it */
#define RACE 5       /* a root is freed without having learnt of its last use */
#ifndef SEEK
#define SEEK 0 /* all of them; a mutant is run for the one that it must show */
#endif
#define CHECK(class, condition) assert((SEEK != 0 && SEEK != class) || (condition))

#ifndef ROOTS
#define ROOTS 4
#endif
#ifndef PINS
#define PINS 2
#endif
#ifndef PUBLICATIONS
#define PUBLICATIONS (ROOTS - 1)
#endif

// MUTANT names one of these: what it takes out or changes is in README.md.
#define NO_REREAD 1
#define REREAD_ACQUIRE 2
#define HAZARD_RELEASE 3
#define HAZARD_NOT_RELEASE 4
#define HAZARD_RELAXED 5
#define HOLD_PASSES_HAZARD 6
#define HOLD_AFTER_HAZARD 7
#define PUBLISH_RELEASE 8
#define PUBLISH_RELAXED 9
#define SCAN_ACQUIRE 10
#define SCAN_RELAXED 11
#define SCAN_BEFORE_PUBLISH 12
#define HOLDERS_BEFORE_HAZARDS 13
#define SKIP_HAZARDS 14
#define SKIP_HOLDERS 15
#define ONE_HAZARD 16
#define NO_HOLD 17
#define HOLD_ALWAYS 18
#define HOLD_EVERY_TRY 19
#define EVERY_END_RELEASES 20
#define NO_END_RELEASES 21
#define END_RELAXED 22
#define DETACH_RELAXED 23
#define STAYS_LISTED 24
#define HOLDERS_RELAXED 25
#define RETURN_TO_FORMER 26
// Or one of these: assertions that fail where the model must be able to come, as otherwise it would show nothing.
#define SECOND_TRY 101
#define SPILL 102
#define LATE_USE 103
#define FREE_UNDER_WORK 104
#define KEPT_BY_HAZARD 105
#define KEPT_BY_HOLDERS 106
#define END 107
#ifndef MUTANT
#define MUTANT 0
#endif
#define PROBE(name) assert(MUTANT != name)

#include "Memory.pml"
#include "Worker.pml"
#include "Control.pml"

init {
    atomic {
        memory[1] = FILLED;
        run Buffer(0);
        run Buffer(1);
        run Buffer(CONTROL);
        run Worker(0);
        run Worker(1);
        run Control()
    }
}
