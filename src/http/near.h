/* near.h - which addresses are so near that keys may be fetched from them over plain http. */
#ifndef SPURN_HTTP_NEAR_H
#define SPURN_HTTP_NEAR_H

#include <stdbool.h>

/* `ip`: a numeric address of either family. True for this machine's own and for those of the link, where instance metadata and
 * container credentials are served. */
bool near_address(const char *ip);

#endif
