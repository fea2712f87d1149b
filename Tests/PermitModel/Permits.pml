// Fairlead: the permits of requests, for spin: never too many in use, never a refusal while one is free
// SPDX-License-Identifier: Apache-2.0

// See README.md. Each step that reads or writes one shared word is one step here; `claim`'s exchange and the ghosts that
// watch it are one step. WORKERS take and give OPERATIONS times each, while the control side changes the limit CHANGES
// times.
#ifndef MUTANT
#define MUTANT 0
#endif
#ifndef PROBE
#define PROBE 0
#endif
#define NO_SECOND_SUM 1
#define RESERVE_BEFORE_LEASES 2
#define STEALS_TWO 3
#define CLAIMS_BLINDLY 4
#define NO_DEBT 5
#define ONE_LOOK 6
#define GIVES_TWICE 7
#define GIVES_BEFORE_END 8

#define REFUSED 1
#define STOLEN 2
#define BURNT 3
#define SECOND_TRY 4
#define BY_PRESSURE 5
#define REACH(place) assert(PROBE != place)

// What the threads share. `state`: bit 0 is the pressure, above it stands the debt.
byte given[WORKERS];
byte claimed[WORKERS];
byte reserve = LIMIT;

// With SPREAD two permits are out already: one in use by worker 1, one free in the lease of worker 2; and worker 0 asks
// once. So three workers can be searched whole.
#ifdef SPREAD
#define ALL(w) ((w) == 0 -> 1 : OPERATIONS)
#else
#define ALL(w) OPERATIONS
#endif
byte state;

// What an observer knows: the limit, how many permits are in use, and of each running operation whether there was an
// instant without a free permit, and one with.
byte limit = LIMIT;
byte inUse;
bool sawFull[WORKERS];
bool sawRoom[WORKERS];
byte holding;
byte done;

inline observe() {
    k = 0;
    do
    :: k < WORKERS ->
        sawFull[k] = sawFull[k] || inUse >= limit;
        sawRoom[k] = sawRoom[k] || inUse < limit;
        k++
    :: else -> break
    od;
    k = 0
}

inline begin() {
    d_step {
        sawFull[w] = inUse >= limit;
        sawRoom[w] = inUse < limit
    }
}

// A permit comes to hand. Without a look for debt afterwards (`isOwn`) there has to have been room at some instant of the
// operation.
inline use(isOwn) {
    assert(!isOwn || sawRoom[w]);
    inUse++;
    observe()
}

inline release() {
    inUse--;
    observe()
}

// Takes one out of lease `from`. The answer is in `got`.
inline claim(from, isOwn) {
    c = claimed[from];
    got = false;
    do
    :: atomic { given[from] > c && claimed[from] == c ->
        claimed[from]++;
        got = true;
        use(isOwn)
       }
       if
       :: from != w -> REACH(STOLEN)
       :: else
       fi;
       break
#if MUTANT == CLAIMS_BLINDLY
    :: atomic { given[from] > c && claimed[from] != c ->
        claimed[from]++;
        got = true;
        use(isOwn)
       }
       break
#else
    :: atomic { given[from] > c && claimed[from] != c -> c = claimed[from] }
#endif
    :: given[from] <= c -> break
    od;
    c = 0
}

inline claimFromReserve() {
    got = false;
    d_step {
        if
        :: reserve > 0 ->
            reserve--;
            got = true;
            use(false)
        :: else
        fi
    }
}

// The sum is read lease by lease.
inline sum(into) {
    into = 0;
    j = 0;
    do
    :: j < WORKERS -> into = into + given[j]; j++
    :: else -> break
    od;
    j = 0
}

inline claimFromLeases() {
    i = 0;
    got = false;
    do
    :: i < WORKERS && !got -> claim(i, false); i++
    :: else -> break
    od;
#if MUTANT == STEALS_TWO
    // A second one, from the lease before, into the own lease: free in between, and nowhere to be found.
    if
    :: got ->
        i--;
        d_step {
            if
            :: i != w && given[i] > claimed[i] -> claimed[i]++; moves = true
            :: else
            fi
        }
        if
        :: moves -> given[w]++; moves = false
        :: else
        fi
    :: else
    fi;
#endif
    i = 0
}

proctype Worker(byte w) {
    byte n;
    byte held;
    byte c;
    byte i;
    byte j;
    byte k;
    byte before;
    byte after;
    byte seen;
    bool got;
#if MUTANT == STEALS_TWO
    bool moves;
#endif

#ifdef SPREAD
    held = (w == 1 -> 1 : 0);
#endif
rest:
    if
    :: n < ALL(w) -> n++; goto take
    :: held > 0 && n < ALL(w) -> n++; goto give
    :: n == ALL(w) -> goto over
    fi;

take:
    begin();
    seen = state;
#if MUTANT == NO_DEBT
    seen = 0;
#endif
    if
    :: seen == 0 ->
        claim(w, true);
        if
        :: got -> goto taken
        :: else
        fi
    :: else
    fi;
search:
    claim(w, false);
    if
    :: got -> goto won
    :: else
    fi;
    claimFromReserve();
    if
    :: got -> goto won
    :: else
    fi;
#if MUTANT == 0 || MUTANT > RESERVE_BEFORE_LEASES
    // Only to be quick: nothing depends on this look.
    claimFromLeases();
    if
    :: got -> goto won
    :: else
    fi;
#endif
    d_step { state = state | 1 };
again:
    sum(before);
#if MUTANT == RESERVE_BEFORE_LEASES
    claimFromReserve();
    if
    :: got -> goto won
    :: else
    fi;
#endif
#if MUTANT != ONE_LOOK
    claimFromLeases();
    if
    :: got -> goto won
    :: else
    fi;
#endif
#if MUTANT != RESERVE_BEFORE_LEASES
    claimFromReserve();
    if
    :: got -> goto won
    :: else
    fi;
#endif
    sum(after);
#if MUTANT != NO_SECOND_SUM
    if
    :: before != after -> REACH(SECOND_TRY); before = 0; after = 0; goto again
    :: else
    fi;
#endif
    // Refused.
    REACH(REFUSED);
    d_step {
        assert(sawFull[w]);
        before = 0;
        after = 0;
        seen = 0
    }
    goto rest;
won:
    before = 0;
    after = 0;
    if
#if MUTANT != NO_DEBT
    :: atomic { state >= 2 -> state = state - 2; release() }
       REACH(BURNT);
       goto search
    :: atomic { state < 2 -> assert(inUse <= limit) }
#else
    :: assert(inUse <= limit)
#endif
    fi;
taken:
    skip;
    d_step {
        got = false;
        seen = 0;
        held++
    }
    goto rest;

give:
    seen = state;
#if MUTANT == GIVES_BEFORE_END
    given[w]++;
    d_step { release(); held-- };
    goto rest;
#endif
    if
    :: seen == 0 ->
        d_step { given[w]++; release(); held-- }
#if MUTANT == GIVES_TWICE
        given[w]++
#endif
    :: else ->
        d_step {
            held--;
            if
            :: state >= 2 -> state = state - 2; release()
            :: else -> reserve++; release(); got = true; seen = reserve
            fi
        }
        if
        :: got ->
            REACH(BY_PRESSURE);
            if
            :: seen >= MARK -> d_step { state = state & 254 }
            :: else
            fi
        :: else
        fi
    fi;
    d_step { got = false; seen = 0 }
    goto rest;

over:
    skip;
    d_step { holding = holding + held; done++ }
}

proctype Control() {
    byte n;
    byte k;
    byte i;
    byte free;
    do
    :: n < CHANGES && limit < LIMIT + 1 ->
        // One more.
        d_step {
            if
            :: state >= 2 -> state = state - 2
            :: else -> reserve++
            fi;
            limit++;
            observe();
            n++
        }
    :: n < CHANGES && limit > 0 ->
        // One fewer.
        d_step {
            if
            :: reserve > 0 -> reserve--
            :: else -> state = state + 2
            fi;
            limit--;
            observe();
            n++
        }
    :: n == CHANGES -> break
    od;
    // At rest every permit is accounted for.
    done == WORKERS;
    d_step {
        i = 0;
        free = reserve;
        do
        :: i < WORKERS -> free = free + given[i] - claimed[i]; i++
        :: else -> break
        od;
        assert(free + holding == limit + state / 2);
        assert(holding == inUse)
    }
}

init {
    atomic {
        byte w = 0;
#ifdef SPREAD
        reserve = LIMIT - 2;
        given[2] = 1;
        inUse = 1;
#endif
        do
        :: w < WORKERS -> run Worker(w); w++
        :: else -> break
        od;
        run Control()
    }
}
