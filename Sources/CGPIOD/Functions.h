// What becomes of a version's list of the functions that it uses: FUNCTIONS(F), in which each is F(result, name, parameters).
#ifndef CGPIOD_FUNCTIONS_H
#define CGPIOD_FUNCTIONS_H

#include <dlfcn.h>

/// A pointer to the function.
#define MEMBER(result, name, parameters) result(*name) parameters;

/// Finds it in the library `handle` for the member of `lib`; the caller returns NULL when it is not there.
#define LOAD(result, name, parameters) \
  lib.name = (result(*) parameters)dlsym(handle, #name); \
  if (!lib.name) return NULL;

// Where the library's own header is, what is written in FUNCTIONS and in enumerations has to agree with it.
#define CHECK(result, name, parameters) \
  _Static_assert(_Generic(&name, result(*) parameters: 1, default: 0), #name " has changed");
#define CHECK_VALUE(name) _Static_assert((int)name == (int)GPIOD_LINE_##name, #name " has changed");

#endif
