/* tls.c - what is asked of the TLS library beneath libcurl. */
#include "http/tls.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#if defined SSL_OP_CLEANSE_PLAINTEXT && defined OPENSSL_VERSION_MAJOR

/* Only the very library that we are built with knows what our SSL_CTX is. */
static bool is_ours(void)
{
    char ours[32];
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    snprintf(ours, sizeof ours, "OpenSSL/%d.", OPENSSL_VERSION_MAJOR);
    return curl->ssl_version != NULL && strncmp(curl->ssl_version, ours, strlen(ours)) == 0;
}

static CURLcode set_up(CURL *easy, void *context, void *unused)
{
    (void)easy, (void)unused;
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

CURLcode tls_wipe_deciphered(CURL *easy)
{
    return is_ours() ? curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_up) : CURLE_OK;
}

#else

CURLcode tls_wipe_deciphered(CURL *easy)
{
    (void)easy;
    return CURLE_OK;
}

#endif
