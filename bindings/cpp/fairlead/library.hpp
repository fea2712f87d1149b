// Fairlead: which library is running, and what it can do
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_LIBRARY_HPP
#define FAIRLEAD_LIBRARY_HPP

#include "text.hpp"

#include <optional>

namespace fairlead {

/// The version of the library that is running: major * 1000000 + minor * 1000 + patch.
inline std::uint32_t version() noexcept { return fl_version(); }

/// The same as text: "0.1.0".
inline const char *version_text() noexcept { return fl_version_text(); }

/// The version of the binary interface of the library that is running; programs need FL_ABI_VERSION.
inline std::uint32_t abi_version() noexcept { return fl_abi_version(); }

/// What the library can do: FL_FEATURE_… flags.
inline fl_features supported_features() noexcept { return fl_supported_features(); }

/// The type of resource that a type URL names, if there is one.
inline std::optional<fl_resource> resource_of_type_url(std::string_view type_url) noexcept {
    fl_resource resource = 0;
    if (fl_resource_of_type_url(lend(type_url), &resource) != FL_OK) return std::nullopt;
    return resource;
}

} // namespace fairlead

#endif
