/*
 * The ring, the bell and the poller's life, for SPIN: the protocol of src/service/follow/README.md.
 *
 * Rows are committed at any time, and the first may be deleted.  One process, the poller, reads the
 * database, appends to the ring and rings the bell.  It may be killed between any two steps, or stopped
 * for ever; up to FORKS pollers follow one another.  All other processes are readers: each notes the
 * ring's position, reads the database to its end, takes new rows from the ring, and sleeps until the
 * bell rings, the poller dies or its own heartbeat is due.
 *
 * Checked: no reader gets a row twice, out of order, or from the ring after it was deleted (deliver);
 * when nothing can move any more, every reader has every row (the process rest); and under weak
 * fairness that state is reached (ltl delivered): no process runs in circles.
 *
 * What models what:
 *
 *   commit       anything that writes to match_events
 *   reader       tail.c: from join on read_database, from read on read_ring, from sleep on tail_wait
 *   poller       poller.c: from begin on begin, from look on poller_look; supervisor.c forks it
 *   writers      the poller has the bell open for writing; 0: EPOLLHUP
 *   edge[i]      events of the bell that i's epoll set has not yet reported
 *   rung         the header's head: the newest row in the ring
 *   generation   the header's: changes with each ring_format
 *   pruned       the header's: the newest deleted row that the poller knows of
 *   stale        the poller's stamp is old: it is stopped
 *   alone[i]     the deadline that a reader sets when the poller dies
 *
 * A time-out (alone, heartbeat) may come at any moment, but only if there is something to find: a
 * reader that finds nothing sleeps again.
 *
 * Mutations, all of which must be found (tests/model/model.t): READ_FIRST, NO_LOOK, APPEND_LATE, NO_SKIP,
 * NO_PREV, NO_EDGE, NO_HANGUP, NO_ALONE, NO_STAMP, NO_PRUNED, NO_LAP.
 */

#ifndef ROWS
#define ROWS 2
#endif
#define READERS  2
#ifndef CAPACITY
#define CAPACITY 1              /* rows that the ring keeps */
#endif
#ifndef FORKS
#define FORKS    2              /* how many pollers, one after the other */
#endif
#ifndef DEATHS
#define DEATHS   1              /* how often these may happen */
#endif
#ifndef STOPS
#define STOPS    0
#endif
#ifndef FORMATS
#define FORMATS  0
#endif
#ifndef DELETES
#define DELETES  0
#endif
#ifndef LARGE
#define LARGE    0              /* the row too large for a record: a gap in the ring */
#endif

byte log, deleted;              /* the database: its newest row, and the newest deleted one */
byte rung, generation, pruned;  /* the ring */
byte writers;
bool stale, edge[READERS];
byte forks, deaths, stops;
byte has[READERS];              /* the last row of each reader */
#ifdef NO_EDGE
bool asleep[READERS];
#endif

#define ALL_REACHED (has[0] == ROWS && has[1] == ROWS)
#define NEWS        (joined != generation || at != rung)
#ifdef NO_LAP
#define LOST        (joined != generation)
#else
#define LOST        (joined != generation || at + CAPACITY < rung)
#endif

ltl delivered { <> ALL_REACHED }

inline wake_all()
{
#ifdef NO_EDGE
    atomic { edge[0] = asleep[0]; edge[1] = asleep[1] }
#else
    atomic { edge[0] = true; edge[1] = true }
#endif
}

/* bell_ring: empties the FIFO, which also clears edges not yet reported; then it writes.  A poller
 * killed in between has taken edges from readers, but its death wakes all of them. */
inline ring()
{
    atomic { edge[0] = false; edge[1] = false }
    may_die();
    wake_all()
}

inline deliver(n)
{
    assert(n == has[i] + 1);
    has[i] = n
}

/* The kernel closes the poller's end of the bell. */
inline may_die()
{
    if
    :: atomic {
        deaths < DEATHS -> deaths++;
        writers = 0;
#ifndef NO_HANGUP
        edge[0] = true; edge[1] = true;
#endif
        goto dead
    }
    :: skip
    fi
}

/* Stopped, with the bell open; the supervisor, if any, kills it. */
inline may_stop()
{
    if
    :: atomic {
        stops < STOPS -> stops++; stale = true
    }
        if
        :: atomic { forks < FORKS -> stale = false; writers = 0; edge[0] = true; edge[1] = true; goto dead }
        :: forks == FORKS -> goto stopped
        fi
    :: skip
    fi
}

active proctype commit()
{
    do
    :: log < ROWS -> log++
    :: atomic { DELETES && deleted == 0 && log > 0 -> deleted = 1 }
    :: log == ROWS -> break
    od
}

/* When nothing can move any more. */
active proctype rest()
{
    timeout;
    assert(log == ROWS && ALL_REACHED)
}

active proctype poller()
{
    byte seen, head;

begin:
    atomic { forks < FORKS -> forks++; writers = 1 }
    if                          /* continue at the end of the ring, or start it over */
#ifdef NO_LOOK
    :: seen = log
#else
    :: seen = rung
#endif
    :: atomic { generation < FORMATS -> seen = log; rung = log; generation++ }
    fi;
    pruned = deleted;
    ring();

look:
    do
    :: atomic { seen < log || pruned < deleted -> head = log; pruned = deleted }
#ifdef APPEND_LATE
        ring();
#endif
        do
        :: seen < head -> seen++; rung = seen; may_die()
        :: else -> break
        od;
        may_stop();
#ifndef APPEND_LATE
        ring()
#endif
    :: seen == log && pruned == deleted -> break
    od;
    may_die();
end_look:
    seen < log || pruned < deleted;
    goto look;

dead:
end_dead:
    forks < FORKS;
    goto begin;

stopped:
    skip
}

proctype reader(byte i)
{
    byte at, joined;            /* the reader's position, and the generation of its ring */
    byte head;
    bool alone;

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
        if
        :: has[i] < deleted -> has[i] = head    /* reset: the snapshot */
        :: else
        fi;
        do
        :: has[i] < head -> deliver(has[i] + 1)
        :: else -> break
        od
    }

read:
    do
    :: atomic { LOST -> goto join }
    :: atomic { !NEWS -> break }
#ifndef NO_PRUNED
    :: atomic { !LOST && at < rung && has[i] < pruned -> goto join }
#endif
    :: atomic {
#ifndef NO_PRUNED
        has[i] >= pruned &&
#endif
        !LOST && at < rung -> at++;
        assert(at + CAPACITY > rung);           /* the record is still there */
        if
#ifdef NO_SKIP
        :: deliver(at); assert(at > pruned)
#else
        :: at <= has[i]
        :: at == has[i] + 1 && at != LARGE -> deliver(at); assert(at > pruned)
#ifdef NO_PREV
        :: at > has[i] && at == LARGE
        :: at > has[i] + 1 && at != LARGE -> deliver(at)
#else
        :: at > has[i] + 1 || (at > has[i] && at == LARGE) -> goto join     /* prev is past the cursor */
#endif
#endif
        fi
    }
    od;

sleep:
#ifdef NO_EDGE
    asleep[i] = true;
#endif
end_sleep:
    if
    :: atomic { edge[i] -> edge[i] = false; alone = (writers == 0) }
#ifndef NO_ALONE
    :: atomic { alone && writers == 0 && log > has[i] -> goto join }
#endif
#ifndef NO_STAMP
    :: atomic { stale && log > has[i] -> goto join }    /* at the heartbeat */
#endif
    fi;
#ifdef NO_EDGE
    asleep[i] = false;
#endif
    if
    :: NEWS -> goto read
    :: !NEWS -> goto sleep
    fi
}

init
{
    atomic { run reader(0); run reader(1) }
}
