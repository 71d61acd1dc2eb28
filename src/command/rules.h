/* rules.h - how every rule fared in a sweep, as a table for people. */
#ifndef SPURN_COMMAND_RULES_H
#define SPURN_COMMAND_RULES_H

#include "command/out.h"

enum spurn_status cmd_rules_print(struct spurn_sweep *sweep, struct cmd_out *out,
                                  struct spurn_error *err);

#endif
