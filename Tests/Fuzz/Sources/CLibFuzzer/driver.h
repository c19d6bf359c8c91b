// The one entry of libFuzzer that is called: it runs the callback on inputs of its own making until it is told to end.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
