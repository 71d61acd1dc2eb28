/* profiles.h - which steps lead from a profile of Alibaba Cloud's to keys. */
#ifndef SPURN_CREDENTIALS_ALIBABA_PROFILES_H
#define SPURN_CREDENTIALS_ALIBABA_PROFILES_H

#include "credentials/alibaba/files.h"

/* SOURCE_KEYS: *out leads to keys. SOURCE_FAILED: its mode is none that can be used, or it lacks what its mode needs. */
enum source_answer alibaba_follow(struct search *search, const struct alibaba_file *file,
                                  const struct alibaba_profile *profile, struct source **out,
                                  struct spurn_error *err);

#endif
