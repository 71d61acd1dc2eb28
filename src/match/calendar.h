/* calendar.h - hours of the day and days of the week, somewhere on earth: is this instant among them? */
#ifndef SPURN_MATCH_CALENDAR_H
#define SPURN_MATCH_CALENDAR_H

#include <stdint.h>

#include "buf.h"

struct calendar {
    bool has_hours;
    int from_min, to_min; /* minutes since midnight; from <= t < to, over midnight when from > to */
    unsigned
        days; /* bit 0 is Sunday; 0: every day. The local day on which the instant itself falls */
    int zone_min; /* east of UTC */
};

enum { CALENDAR_WHY_LEN = 160 };

/* Each reads one part; false with what is wrong, and what may be meant, in `why`. "22:00-06:00"; "sat sun", "mon-fri"; "+08:00",
 * "Z", "UTC". Names of days in English, three letters or whole, case ignored. */
bool calendar_read_hours(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN]);
bool calendar_read_days(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN]);
bool calendar_read_zone(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN]);

bool calendar_has(const struct calendar *c, int64_t instant_ms);

#endif
