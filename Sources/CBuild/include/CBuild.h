#ifndef CBUILD_H
#define CBUILD_H

/// The commit that the program was built from, as the Makefile gave it; empty when nobody did.
const char *cbuild_commit(void);

#endif
