vcl 4.1;
# varnish.vcl - one stream for a thousand viewers, for /etc/varnish/default.vcl.
#
#     livescore -l 127.0.0.1:8000 --shared-streams 1m --trust-proxy 127.0.0.1
#     varnishd -a :80 -f /etc/varnish/default.vcl -p thread_pool_max=5000
#
# A client joins the stream of others with the same request, from its beginning.  So one
# process of livescore serves all of them: Varnish has a thread for each, at most
# thread_pools (2) times thread_pool_max.  A stream takes memory for the rows of its
# minute.  Varnish has no TLS: put haproxy.cfg or hitch in front.

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Two spellings of a request would be two streams.  A reconnecting browser sends its cursor
    # in a field, which takes precedence over the URL.
    if (req.url ~ "^/livescore(\?|$)") {
        if (req.url !~ "\?") {
            set req.url = req.url + "?";
        }
        if (req.http.Last-Event-ID ~ "^[0-9]+$") {
            set req.url = regsuball(req.url, "([?&])(after|at|last|since|lastEventI[dD]|last_event_id|Last-Event-ID)=[^&]*", "\1");
            set req.url = req.url + "&after=" + req.http.Last-Event-ID;
            unset req.http.Last-Event-ID;
        }
        if (req.url ~ "[?&]format=") {
        } else if (req.http.Accept ~ "json" && req.http.Accept !~ "event-stream") {
            set req.url = req.url + "&format=json";
        } else {
            set req.url = req.url + "&format=stream";
        }
        set req.url = regsub(regsuball(std.querysort(req.url), "&+", "&"), "\?&", "?");
    }
    unset req.http.Cookie;
}

sub vcl_backend_response {
    # A cached stream that has ended would make its clients reconnect in a loop.
    if (beresp.http.Content-Type == "text/event-stream") {
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        set beresp.do_stream = true;
    }
    # A browser's EventSource gives up on any answer but 200: see vcl_backend_error.
    if (bereq.url ~ "[?&]format=stream" && (beresp.status == 429 || beresp.status == 503)) {
        return (error(beresp.status, beresp.reason));
    }
}

sub vcl_backend_error {
    # livescore is away: a stream says when to come back.  All requests within a second get the
    # same one.
    if (bereq.url ~ "[?&]format=stream") {
        set beresp.status = 200;
        set beresp.http.Content-Type = "text/event-stream";
        set beresp.http.Cache-Control = "no-store";
        set beresp.http.Access-Control-Allow-Origin = "*";
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        synthetic("retry: " + std.integer(real = std.random(1500, 4500)) + {"

"});
        return (deliver);
    }
}

sub vcl_synth {
    # The same for a client whose stream failed before its first byte.
    if (req.url ~ "[?&]format=stream" && resp.status == 503) {
        set resp.status = 200;
        set resp.http.Content-Type = "text/event-stream";
        set resp.http.Cache-Control = "no-store";
        set resp.http.Access-Control-Allow-Origin = "*";
        synthetic("retry: " + std.integer(real = std.random(1500, 4500)) + {"

"});
        return (deliver);
    }
}
