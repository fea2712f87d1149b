// Fairlead: the control side of the publication model: publishes, retires, reclaims
// SPDX-License-Identifier: Apache-2.0

// The loads that are still to do in a pass: one bit for the `holders` of each root, then one for each hazard slot.
#define SLOT(w) (BIT(ROOTS + 1) << (w))
#define SLOTS (SLOT(0) | SLOT(1))
#if MUTANT == SKIP_HAZARDS
#define SLOTS_DUE 0
#elif MUTANT == ONE_HAZARD
#define SLOTS_DUE SLOT(0)
#else
#define SLOTS_DUE SLOTS
#endif
#if MUTANT == SKIP_HOLDERS
#define HOLDERS_DUE 0
#else
#define HOLDERS_DUE retired
#endif

// Which of them may happen now: an acquire load is passed by none that comes after it in the program. The program's
// order is slots, then holders.
#define SLOTS_BEFORE(w) (SLOT(w) - SLOT(0))
#define HOLDERS_BEFORE(root) (BIT(root) - 1)
#if MUTANT == SCAN_ACQUIRE
#define MAY_SCAN(w) (!(todo & SLOTS_BEFORE(w)))
#define MAY_COUNT(root) (!(todo & (SLOTS | HOLDERS_BEFORE(root))))
#elif MUTANT == SCAN_RELAXED
#define MAY_SCAN(w) true
#define MAY_COUNT(root) true
#elif MUTANT == HOLDERS_BEFORE_HAZARDS
#define MAY_SCAN(w) (!(todo & (SLOTS_BEFORE(w) | HOLDERS_BEFORE(ROOTS + 1))) && CLEAR(CONTROL))
#define MAY_COUNT(root) (!(todo & HOLDERS_BEFORE(root)))
#else
#define MAY_SCAN(w) (!(todo & SLOTS_BEFORE(w)) && CLEAR(CONTROL))
#define MAY_COUNT(root) (!(todo & (SLOTS | HOLDERS_BEFORE(root))))
#endif

#if defined(RACES) && MUTANT != SCAN_RELAXED
#define LEARN_FROM_SLOT(w, root) track[w].on[root] = ((track[w].on[root] & 2) -> 0 : track[w].on[root])
#else
#define LEARN_FROM_SLOT(w, root) skip
#endif
#if defined(RACES) && MUTANT != HOLDERS_RELAXED
#define LEARN_FROM_HOLDERS(w, root) track[w].on[root] = ((track[w].on[root] & 4) -> 0 : track[w].on[root])
#else
#define LEARN_FROM_HOLDERS(w, root) skip
#endif

inline scanSlot(w) {
    if
    :: hazard[w] -> PROBE(KEPT_BY_HAZARD); kept = kept | BIT(hazard[w])
    :: else
    fi;
    LEARN_FROM_SLOT(w, 1);
    LEARN_FROM_SLOT(w, 2);
    LEARN_FROM_SLOT(w, 3);
    LEARN_FROM_SLOT(w, ROOTS);
    todo = todo & ~SLOT(w)
}

inline countHolders(root) {
    if
    :: holders[root] > 0 -> PROBE(KEPT_BY_HOLDERS); kept = kept | BIT(root)
    :: else
    fi;
    LEARN_FROM_HOLDERS(0, root);
    LEARN_FROM_HOLDERS(1, root);
    todo = todo & ~BIT(root)
}

#define COUNTS_ON(w, root) (current[w] == root || spilled[w].on[root] > 0 || using[w] == root)

inline freeRoot(root) {
    CHECK(TWICE, memory[root] != FREED);
#ifdef RACES
    CHECK(RACE, track[0].on[root] == 0 && track[1].on[root] == 0);
#endif
#ifdef REUSE
    // The address may come back, and a use that comes too late would find another root there.
    CHECK(AFTER_FREE, !COUNTS_ON(0, root) && !COUNTS_ON(1, root));
    memory[root] = ABSENT;
#else
    memory[root] = FREED;
#endif
#if MUTANT != STAYS_LISTED
    retired = retired & ~BIT(root);
#endif
    if
    :: settled == 0 -> PROBE(FREE_UNDER_WORK)
    :: else
    fi
}

#define UNWRITTEN(root) (memory[root] == RAW && (retired & BIT(root)))
#define LEFT(root) (memory[root] == FILLED && root != last && root != hazard[0] && root != hazard[1])

#ifdef REUSE
#define VACANCY (memory[1] == ABSENT || memory[2] == ABSENT || memory[3] == ABSENT)
#else
#define VACANCY true
#endif

// Fill a new root, switch to it, retire the one before.
inline publishNext() {
    if
#ifdef REUSE
    :: memory[1] == ABSENT -> root = 1
    :: memory[2] == ABSENT -> root = 2
    :: memory[3] == ABSENT -> root = 3
#else
    :: root = done + 2
#endif
    fi;
    memory[root] = RAW;
    issue(CONTROL, FILL | root | RELAXED);
    issue(CONTROL, PUBLISH | root | PUBLISH_ORDER);
    retired = retired | BIT(last);
    last = root;
    root = 0;
    done++
}

proctype Control() {
    byte last = 1;
    byte done;
    byte root;
    byte todo;
    byte kept;
    bit closing;
#if MUTANT == SCAN_BEFORE_PUBLISH
    bit early;
#define EARLY early
#else
#define EARLY false
#endif

rest:
    if
    // Reclaim, once or again; at the end with idle workers, and then without any.
#if MUTANT != SCAN_BEFORE_PUBLISH
    :: atomic { retired && settled < 2 -> todo = SLOTS_DUE | HOLDERS_DUE; goto pass }
#endif
    :: atomic { settled == 2 && (!stopping || gone == 2) -> closing = 1; todo = SLOTS_DUE | HOLDERS_DUE; goto pass }
#if MUTANT == SCAN_BEFORE_PUBLISH
    :: atomic { done < PUBLICATIONS && VACANCY && settled < 2 -> early = 1; todo = SLOTS_DUE; goto pass }
#else
    :: atomic { done < PUBLICATIONS && VACANCY && settled < 2 -> publishNext(); goto rest }
#endif
    fi;

pass:
    do
    :: atomic { (todo & SLOT(0)) && MAY_SCAN(0) -> scanSlot(0) }
    :: atomic { (todo & SLOT(1)) && MAY_SCAN(1) -> scanSlot(1) }
    :: atomic { (todo & BIT(1)) && MAY_COUNT(1) -> countHolders(1) }
    :: atomic { (todo & BIT(2)) && MAY_COUNT(2) -> countHolders(2) }
    :: atomic { (todo & BIT(3)) && MAY_COUNT(3) -> countHolders(3) }
#if ROOTS > 3
    :: atomic { (todo & BIT(4)) && MAY_COUNT(4) -> countHolders(4) }
#endif
#if MUTANT == SCAN_BEFORE_PUBLISH
    :: atomic { todo == 0 && early -> publishNext(); early = 0; todo = HOLDERS_DUE }
#endif
    :: atomic {
            // A thread's own stores into a root come before its own free of it.
            todo == 0 && !EARLY && !UNWRITTEN(1) && !UNWRITTEN(2) && !UNWRITTEN(3) && !UNWRITTEN(ROOTS) ->
            root = 1;
            do
            :: root <= ROOTS ->
                if
                :: (retired & BIT(root)) && !(kept & BIT(root)) -> freeRoot(root)
                :: else
                fi;
                root++
            :: else -> break
            od;
            root = 0;
            kept = 0;
            if
            :: !closing -> goto rest
            :: else
            fi;
            CHECK(LEAK, !LEFT(1) && !LEFT(2) && !LEFT(3) && !LEFT(ROOTS));
            closing = 0;
            if
            :: !stopping -> stopping = 1; goto rest
            :: else -> PROBE(END); goto over
            fi
        }
    od;
over:
    skip
}
