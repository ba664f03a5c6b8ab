/* A connection to serve, and what the process that accepted it knows of it. */
#ifndef SERVICE_VISIT_H
#define SERVICE_VISIT_H

#include <stdbool.h>

#include "service/net/address.h"
#include "service/net/admission.h"

struct feed;

struct visit {
    int in, out;                    /* the same, for a socket */
    bool cgi;                       /* the request is in the environment */
    bool accepted;                  /* by a socket that conn_prepare has prepared */
    struct address peer;            /* of an accepted one */
    enum admission_answer admitted; /* one that was not is told so, whatever it asks for */
    struct admission_claim claim;   /* where to count a client that only the request names */
    struct feed *feed;              /* what it has of the poller */
};

#endif
