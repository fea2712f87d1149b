// Fairlead: the version and what it can do, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead

/// See version.h.
@c @implementation
public func fl_version() -> UInt32 { UInt32(FL_VERSION) }

/// See version.h.
@c @implementation
public func fl_version_text() -> UnsafePointer<CChar>? {
    let text: StaticString = "0.1.0"
    return unsafe text.cString
}

/// See version.h.
@c @implementation
public func fl_abi_version() -> UInt32 { UInt32(FL_ABI_VERSION) }

/// See version.h.
@c @implementation
public func fl_supported_features() -> fl_features {
    fl_features(FL_FEATURE_YAML | FL_FEATURE_JSON | FL_FEATURE_PROTOBUF | FL_FEATURE_RE2 | FL_FEATURE_C_POLICIES)
}
