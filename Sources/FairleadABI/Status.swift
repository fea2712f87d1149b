// Fairlead: statuses, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead

/// The statuses of status.h in the type that functions return: C's constants come as `Int`.
enum Status {
    static var ok: fl_status { fl_status(FL_OK) }
    static var done: fl_status { fl_status(FL_DONE) }
    static var invalidArgument: fl_status { fl_status(FL_ERROR_INVALID_ARGUMENT) }
    static var structSize: fl_status { fl_status(FL_ERROR_STRUCT_SIZE) }
    static var abiVersion: fl_status { fl_status(FL_ERROR_ABI_VERSION) }
    static var bufferTooSmall: fl_status { fl_status(FL_ERROR_BUFFER_TOO_SMALL) }
    static var exchangeOpen: fl_status { fl_status(FL_ERROR_EXCHANGE_OPEN) }
    static var exchangeNotOpen: fl_status { fl_status(FL_ERROR_EXCHANGE_NOT_OPEN) }
    static var attemptOpen: fl_status { fl_status(FL_ERROR_ATTEMPT_OPEN) }
    static var attemptNotOpen: fl_status { fl_status(FL_ERROR_ATTEMPT_NOT_OPEN) }
    static var attemptDetached: fl_status { fl_status(FL_ERROR_ATTEMPT_DETACHED) }
    static var busy: fl_status { fl_status(FL_ERROR_BUSY) }
    static var configuration: fl_status { fl_status(FL_ERROR_CONFIGURATION) }
    static var unknownResourceType: fl_status { fl_status(FL_ERROR_UNKNOWN_RESOURCE_TYPE) }
    static var notFound: fl_status { fl_status(FL_ERROR_NOT_FOUND) }
    static var nameTaken: fl_status { fl_status(FL_ERROR_NAME_TAKEN) }
    static var stale: fl_status { fl_status(FL_ERROR_STALE) }
    static var published: fl_status { fl_status(FL_ERROR_PUBLISHED) }
    static var plugin: fl_status { fl_status(FL_ERROR_PLUGIN) }
    static var tooManyWorkers: fl_status { fl_status(FL_ERROR_TOO_MANY_WORKERS) }

    /// A few words on a status.
    static func text(_ status: fl_status) -> StaticString {
        switch status {
        case ok: "done"
        case done: "nothing more"
        case invalidArgument: "an argument is missing or out of range"
        case structSize: "a struct_size is not set"
        case abiVersion: "compiled for another version of the library"
        case bufferTooSmall: "the buffer is too small"
        case exchangeOpen: "the exchange is open"
        case exchangeNotOpen: "the exchange is not open"
        case attemptOpen: "the attempt is open"
        case attemptNotOpen: "the attempt is not open"
        case attemptDetached: "the attempt is detached"
        case busy: "exchanges or detached attempts of the worker are open"
        case configuration: "the configuration has errors"
        case unknownResourceType: "no resource type is called so"
        case notFound: "nothing is called so"
        case nameTaken: "the name is taken"
        case stale: "another update was published since"
        case published: "the candidate was published already"
        case plugin: "the plugin cannot be used"
        case tooManyWorkers: "there are as many workers as there may be"
        default: "no known status"
        }
    }
}

extension StaticString {
    /// The text as C sees it: it ends with a NUL and stays for ever.
    var cString: UnsafePointer<CChar> { unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// See status.h.
@c @implementation
public func fl_status_text(_ status: fl_status) -> UnsafePointer<CChar>? { unsafe Status.text(status).cString }
