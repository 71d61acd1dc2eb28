/* tls.h - what is asked of the TLS library beneath libcurl. */
#ifndef SPURN_HTTP_TLS_H
#define SPURN_HTTP_TLS_H

#include <curl/curl.h>

/* Has what it deciphers, keys among it, wiped as soon as it was handed on; it would stay in its own buffers, in the heap, else. Where
 * the library is not the one that we know how to ask, nothing is done. */
CURLcode tls_wipe_deciphered(CURL *easy);

#endif
