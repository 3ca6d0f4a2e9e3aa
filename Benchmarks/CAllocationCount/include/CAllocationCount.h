#ifndef CAllocationCount_h
#define CAllocationCount_h

/// Calls of malloc, calloc and realloc by the whole process since it began; this target replaces those functions.
unsigned long allocation_count(void);

#endif
