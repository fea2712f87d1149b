// Fairlead: nothing of its own; the functions are inline
// SPDX-License-Identifier: Apache-2.0
#include "CXXHash.h"
