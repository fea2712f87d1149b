/* Fairlead: how functions are declared, and structs initialised
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_DECLARE_H
#define FAIRLEAD_DECLARE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
#define FL_BEGIN_DECLARATIONS extern "C" {
#define FL_END_DECLARATIONS }
#else
#define FL_BEGIN_DECLARATIONS
#define FL_END_DECLARATIONS
#endif

/* Marks every function that the library exports. */
#if defined(__GNUC__)
#define FL_API __attribute__((visibility("default")))
#else
#define FL_API
#endif

/* Zeroes the struct at `pointer` and sets its `struct_size`. Zero is the default of every field of every struct. */
#define FL_INIT(pointer) \
    ((void)memset((pointer), 0, sizeof(*(pointer))), (void)((pointer)->struct_size = (uint32_t)sizeof(*(pointer))))

#endif
