/* A connection to serve, and what the accepting process knows about it. */
#pragma once

#include "service/net/address.h"
#include "service/net/admission.h"

struct feed;
struct metrics;
struct rates;

struct visit {
    int in, out;                    /* the same descriptor for a socket */
    bool cgi;                       /* the request is in the environment */
    bool accepted;                  /* by a listener, which called conn_prepare */
    struct address peer;            /* if accepted */
    enum admission_answer admitted; /* if refused, every request is answered with that */
    struct admission_claim claim;   /* for a client that only the request reveals */
    struct feed *feed;              /* its access to the poller */
    struct metrics *metrics;        /* the listener's counters; NULL: none */
    struct rates *rates;            /* NULL: nobody counts */
    bool monitor;                   /* it came to the listener of metrics */
};
