/* options.h - the emulator's command line. */
#ifndef SPURN_EMULATOR_OPTIONS_H
#define SPURN_EMULATOR_OPTIONS_H

#include "error.h"

enum { OPTIONS_FAULTS_MAX = 64, OPTIONS_ADDRESS_MAX = 64 };

/* Strings borrow from argv. */
struct options {
    char address[OPTIONS_ADDRESS_MAX]; /* an IP address, without brackets */
    int port;                          /* 0: any that is free */
    const char *scenario;              /* NULL: no accounts */
    bool expose, help;
    const char *faults[OPTIONS_FAULTS_MAX];
    size_t fault_count;
};

enum spurn_status options_read(int argc, char **argv, struct options *out, struct spurn_error *err);
const char *options_help(void);

#endif
