/*
 * Election, bell, hand-over and joining, for SPIN.
 *
 * Rows are committed at any time.  One process at a time has the lock; it reads the database,
 * appends to the ring and rings the bell, and may be killed between any two steps (then the
 * kernel releases the lock), be stopped for ever (then nobody does), or resign.  Every other
 * process follows: it notes the ring's position, reads the database to its end, takes from the
 * ring what is new, and sleeps until the bell rings.  Watchers also wake on a time-out.
 *
 * Checked: no reader is given a row twice, or one before another (deliver); when everything
 * has come to rest, every reader that still runs has every row (the process rest); and
 * under weak fairness that comes about (ltl delivered): nobody runs in circles.
 *
 * What models what:
 *
 *   commit       whoever inserts rows
 *   reader       src/service/follow/tail.c: from join on read_database, from read on read_ring, from
 *                wait on tail_wait, do_duty and look_after_poller; from poll on
 *                poller_look of poller.c, in the one that was elected
 *   lock         ring.c, ring_lock: 0, or 1 + who has the lock on byte 0
 *   rung         the header's head: the newest row that the ring holds
 *   generation   the header's: another one after each ring_format
 *   bell[i]      bell.c: the edge that i's epoll set has seen and not yet reported
 *   silent       ring_silence: somebody is stopped who has the lock
 *   left         ring_left: a poller has resigned, and nobody has followed it yet
 *   announced    ring_announced: the newest row that the bell was rung for
 *
 * The last reader is no watcher: it has only the bell, as long as there is a watcher.  A
 * time-out may come at any moment, but only if it has something to find: who looks
 * in vain sleeps again.
 *
 * Mutations, which must be found, one by one (tests/model/model.t): READ_FIRST, NO_LOOK, APPEND_LATE, NO_SKIP,
 * NO_TICK, NO_RING, NO_EDGE, NO_DEPUTY, NEWS_FIRST, KEEP_LOCK.
 */

#ifndef ROWS
#define ROWS 2
#endif
#define READERS  3
#define LAST     2              /* who is no watcher */
#define CAPACITY 1              /* rows that the ring keeps */
#ifndef DEATHS
#define DEATHS   1              /* how often each of these may happen */
#endif
#ifndef STOPS
#define STOPS    0
#endif
#ifndef RESIGNS
#define RESIGNS  0
#endif
#ifndef FORMATS
#define FORMATS  1
#endif

byte log, rung, lock, generation;
byte announced;
byte deaths, stops, resigns;
byte watchers = READERS - 1;
bool silent, left, bell[READERS], gone[READERS];
byte has[READERS];              /* the row that each has come to */
#ifdef NO_EDGE
bool asleep[READERS];
#endif

#define REACHED(i)  (gone[i] || has[i] == ROWS)
#define ALL_REACHED (REACHED(0) && REACHED(1) && REACHED(2))
#define NEWS        (joined != generation || at != rung)
#define LOST        (joined != generation || at + CAPACITY < rung)

ltl delivered { <> ALL_REACHED }

/* bell_ring: the ringer empties the FIFO, and unreported edges with it; then it writes.  One
 * that is killed in between may have taken another's edges with it: whoever follows it as a poller
 * rings.  That this happens to one who is no poller any more is left out: the price
 * is some seconds, until the next row or the next look. */
inline drain()
{
    atomic { bell[0] = false; bell[1] = false; bell[2] = false }
}

inline ring()
{
    drain();
    if
    :: lock == i + 1 -> may_die()
    :: else
    fi;
#ifdef NO_EDGE
    atomic { bell[0] = asleep[0]; bell[1] = asleep[1]; bell[2] = asleep[2] }
#else
    atomic { bell[0] = true; bell[1] = true; bell[2] = true }
#endif
}

inline deliver(n)
{
    assert(n == has[i] + 1);
    has[i] = n
}

inline leave()
{
    gone[i] = true;
    watchers = watchers - (i != LAST -> 1 : 0)
}

inline may_die()
{
    if
    :: atomic {
        deaths < DEATHS -> deaths++;
        leave();
#ifndef KEEP_LOCK
        if :: lock == i + 1 -> lock = 0 :: else fi;
#endif
        goto dead
    }
    :: skip
    fi
}

/* Stopped, with the lock. */
inline may_stop()
{
    if
    :: atomic { stops < STOPS -> stops++; leave(); silent = true; goto dead }
    :: skip
    fi
}

/* run_for_poller, and poller_start. */
inline run_for_poller()
{
    if
    :: lock == 0 -> lock = i + 1; left = false; poller = true; ready = false
    :: else
    fi
}

active proctype commit()
{
    do
    :: log < ROWS -> log++
    :: else -> break
    od
}

/* When nothing can move any more. */
active proctype rest()
{
    timeout;
    assert(log == ROWS && ALL_REACHED)
}

proctype reader(byte i)
{
    byte at, joined;            /* the reader's position, and in which ring */
    byte seen;                  /* the poller's: what it has appended */
    byte head;
    bool poller, ready, deputy;

join:
#ifdef READ_FIRST
    head = log;
    atomic { at = rung; joined = generation }
    atomic {
#else
    atomic { at = rung; joined = generation }
    atomic {
        head = log;
#endif
        do
        :: has[i] < head -> deliver(has[i] + 1)
        :: else -> break
        od
    }
#ifndef NO_DEPUTY
    if
    :: deputy && has[i] > announced -> ring(); announced = has[i]
    :: else
    fi;
#endif
    deputy = false;

read:
    do
    :: atomic { LOST -> goto join }
    :: atomic { !NEWS -> break }
    :: atomic {
        !LOST && at < rung -> at++;
        if
#ifdef NO_SKIP
        :: deliver(at)
#else
        :: at <= has[i]
        :: at == has[i] + 1 -> deliver(at)
        :: at > has[i] + 1 -> goto join         /* prev is past the cursor */
#endif
        fi
    }
    od;
    if
    :: poller -> goto poll
    :: else
    fi;

wait:
#ifdef NO_EDGE
    asleep[i] = true;
#endif
end_wait:
    if
    :: atomic { bell[i] -> bell[i] = false }
        if
#ifdef NEWS_FIRST
        :: atomic { !NEWS && (silent || left) -> run_for_poller() }
#else
        :: atomic { silent || (left && !NEWS) -> run_for_poller() }     /* called */
#endif
            if
            :: silent && !poller -> goto join
            :: else
            fi
        :: else
        fi
#ifndef NO_TICK
    :: atomic {
        (i != LAST || watchers == 0) && (NEWS || lock == 0 || (silent && (log > has[i] || log > announced))) ->
        run_for_poller();
        if
        :: !poller && silent -> deputy = true; goto join
        :: else
        fi
    }
#endif
    fi;
#ifdef NO_EDGE
    asleep[i] = false;
#endif
    if
    :: NEWS -> goto read
    :: !NEWS && poller -> goto poll
    :: !NEWS && !poller -> goto wait
    fi;

poll:
    may_die();
    may_stop();
    if
    :: !ready ->                /* begin: go on where the ring ends, or make it anew */
        if
#ifdef NO_LOOK
        :: seen = log
#else
        :: seen = rung
#endif
        :: atomic { generation < FORMATS -> seen = log; rung = log; generation++ }
        fi;
        ready = true;
#ifndef NO_RING
        ring();
        announced = seen
#endif
    :: else
    fi;
    if
    :: atomic { seen < log -> head = log }      /* append_new */
#ifdef APPEND_LATE
        ring();
#endif
        do
        :: seen < head -> seen++; rung = seen; may_die()
        :: else -> break
        od;
        may_stop();
#ifndef APPEND_LATE
        ring();
#endif
        announced = seen
    :: seen == log
    fi;
    if
    :: atomic { resigns < RESIGNS -> resigns++; poller = false; left = true; lock = 0 }
        ring();
        goto read
    :: skip
    fi;
    if
    :: NEWS -> goto read
    :: else
    fi;
end_poll:
    log > seen;
    goto poll;

dead:
    skip
}

init
{
    atomic { run reader(0); run reader(1); run reader(2) }
}
