// Fairlead: libyaml, as the YAML reader sees it
// SPDX-License-Identifier: Apache-2.0

#include <yaml.h>
