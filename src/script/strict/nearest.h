/* nearest.h - the word that was probably meant. */
#ifndef SPURN_SCRIPT_STRICT_NEAREST_H
#define SPURN_SCRIPT_STRICT_NEAREST_H

/* The candidate nearest to `word`, or NULL when none is near. `candidates` ends with NULL. */
const char *host_nearest(const char *word, const char *const *candidates);

#endif
