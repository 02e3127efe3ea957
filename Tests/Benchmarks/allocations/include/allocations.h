#pragma once

/// How many blocks of memory this thread has asked for since it began.
unsigned long allocation_count(void);

/// How many bytes of the heap are in use, with the allocator's own overhead.
unsigned long heap_in_use(void);
