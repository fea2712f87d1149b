// Fairlead: the worker of the publication model: pins, adopts, spills, ends, detaches
// SPDX-License-Identifier: Apache-2.0

// A use happens at once, or late. Late ones are issued only where the right to use the root ends: to a late one that
// was issued earlier and goes wrong, there is one here that goes wrong too, as less is ordered behind it. One in the
// buffer at a time is enough, as it may always be carried out before the next is issued.
inline useNow(root) {
    if
    :: current[w] == root || spilled[w].on[root] > 0 ->
        CHECK(AFTER_FREE, memory[root] != FREED);
        CHECK(UNFILLED, memory[root] != RAW)
    :: else
    fi
}

inline lastUse(root) {
    if
    :: using[w] == 0 -> using[w] = root; issue(w, USE | root | RELAXED)
    :: else
    fi
}

// Leaving a root: one hold on it for all the pins that are open there, or else the last use.
inline leave(root) {
    if
    :: pins[w] > 0 ->
        PROBE(SPILL);
#if MUTANT != NO_HOLD
        issue(w, HOLD | root | RELAXED);
#endif
        spilled[w].on[root] = pins[w];
        pins[w] = 0
    :: pins[w] == 0 && root != 0 ->
#if MUTANT == HOLD_ALWAYS
        issue(w, HOLD | root | RELAXED);
#endif
        lastUse(root)
    :: else
    fi
}

// Ending a spilled pin: the last one lets the root go.
inline endSpilled(root) {
    spilled[w].on[root]--;
    open[w]--;
    if
    :: spilled[w].on[root] == 0 ->
        lastUse(root);
#if MUTANT != NO_END_RELEASES
        issue(w, UNHOLD | root | UNHOLD_ORDER)
#endif
    :: else ->
#if MUTANT == EVERY_END_RELEASES
        issue(w, UNHOLD | root | UNHOLD_ORDER)
#else
        skip
#endif
    fi
}

#define NEEDS_FORMER (MUTANT == HOLD_EVERY_TRY || MUTANT == RETURN_TO_FORMER)

proctype Worker(byte w) {
    byte candidate;
#if NEEDS_FORMER
    byte former;
#endif
work:
    do
    // The current root may be used with or without a pin, a spilled one while a pin is open.
    :: d_step {
            current[w] || open[w] ->
            useNow(1);
            useNow(2);
            useNow(3);
#if ROOTS > 3
            useNow(4)
#endif
        }
    // begin, and end of a pin on the current root: plain counts.
    :: atomic { current[w] && open[w] < PINS -> pins[w]++; open[w]++ }
    :: atomic { pins[w] > 0 -> pins[w]--; open[w]-- }
    :: atomic { spilled[w].on[1] > 0 -> endSpilled(1) }
    :: atomic { spilled[w].on[2] > 0 -> endSpilled(2) }
    :: atomic { spilled[w].on[3] > 0 -> endSpilled(3) }
#if ROOTS > 3
    :: atomic { spilled[w].on[4] > 0 -> endSpilled(4) }
#endif
    // refresh, and the first attachment. The load may be relaxed. All that follows is only issued, and so may happen
    // as late as it likes: one step for all loses nothing.
    :: atomic {
            published != current[w] ->
            candidate = published;
#if NEEDS_FORMER
            former = current[w];
#endif
#if MUTANT == HOLD_AFTER_HAZARD
            issue(w, HAZARD | candidate | HAZARD_ORDER);
            leave(current[w]);
#else
            leave(current[w]);
            issue(w, HAZARD | candidate | HAZARD_ORDER);
#endif
            current[w] = 0;
            goto reread
        }
    :: atomic {
            current[w] && open[w] == 0 ->
            lastUse(current[w]);
            issue(w, HAZARD | DETACH_ORDER);
            current[w] = 0
        }
    :: atomic { open[w] == 0 -> goto idle }
    od;

reread:
    atomic {
#if MUTANT != REREAD_ACQUIRE
        CLEAR(w) ->
#endif
        if
#if MUTANT == NO_REREAD
        :: true
#else
        :: published == candidate
#if MUTANT == RETURN_TO_FORMER
        :: published == former -> candidate = former
#endif
#endif
        :: else ->
            PROBE(SECOND_TRY);
            candidate = published;
#if MUTANT == HOLD_EVERY_TRY
            if
            :: former && spilled[w].on[former] > 0 -> issue(w, HOLD | former | RELAXED)
            :: else
            fi;
#endif
            issue(w, HAZARD | candidate | HAZARD_ORDER);
            goto reread
        fi;
        current[w] = candidate;
        candidate = 0;
#if NEEDS_FORMER
        former = 0;
#endif
        goto work
    }

    // Idle for good: at first it keeps its root, then it goes. What it issued is carried out in finite time.
idle:
    atomic { buffer[w].length == 0 -> settled++ }
    atomic {
        stopping ->
        if
        :: current[w] -> lastUse(current[w]); issue(w, HAZARD | DETACH_ORDER); current[w] = 0
        :: else
        fi
    }
    atomic { buffer[w].length == 0 -> gone++ }
}
