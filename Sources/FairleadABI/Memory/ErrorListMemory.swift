// Fairlead: error lists, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import FairleadModel

/// What `fl_error_list *` points to: one allocation with the count, the errors and their texts.
enum ErrorListMemory {
    private static var headerSize: Int { 16 }

    /// A list of `problems`; `nil` for none.
    static func make(_ problems: [Problem]) -> OpaquePointer? {
        guard !problems.isEmpty else { return nil }
        var texts: [UInt8] = []
        func store(_ text: String) -> Range<Int> {
            let start = texts.count
            texts += text.utf8
            texts.append(0)
            return start..<texts.count - 1
        }
        let places = problems.map { problem in
            (
                code: store(problem.code.name), path: store(problem.path), message: store(problem.message),
                file: problem.file.map { store($0) }, text: store(problem.description)
            )
        }
        let stride = unsafe MemoryLayout<fl_error>.stride
        let textsOffset = headerSize + problems.count * stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: textsOffset + texts.count, alignment: 16)
        unsafe memory.storeBytes(of: problems.count, as: Int.self)
        let base = unsafe memory + textsOffset
        unsafe texts.withUnsafeBytes {
            unsafe base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
        }
        func bytes(_ range: Range<Int>) -> fl_bytes {
            unsafe fl_bytes(data: (base + range.lowerBound).assumingMemoryBound(to: CChar.self), size: range.count)
        }
        for (index, problem) in problems.enumerated() {
            let place = places[index]
            let error = unsafe fl_error(
                struct_size: UInt32(MemoryLayout<fl_error>.size),
                severity: fl_severity(problem.severity == .error ? FL_SEVERITY_ERROR : FL_SEVERITY_WARNING),
                code: bytes(place.code), path: bytes(place.path), message: bytes(place.message),
                file: place.file.map { unsafe bytes($0) } ?? .missing,
                line: UInt32(clamping: problem.place?.line ?? 0), column: UInt32(clamping: problem.place?.column ?? 0),
                text: bytes(place.text))
            unsafe (memory + headerSize + index * stride).initializeMemory(as: fl_error.self, to: error)
        }
        return OpaquePointer(memory)
    }

    /// How many errors the list at `pointer` has.
    static func count(_ pointer: OpaquePointer) -> Int { unsafe UnsafeRawPointer(pointer).load(as: Int.self) }

    /// The error at `index`, which is below the count.
    static func error(_ pointer: OpaquePointer, _ index: Int) -> fl_error {
        unsafe UnsafeRawPointer(pointer).load(
            fromByteOffset: headerSize + index * MemoryLayout<fl_error>.stride, as: fl_error.self)
    }
}

/// See error.h.
@c @implementation
public func fl_error_list_count(_ list: OpaquePointer?) -> Int {
    unsafe list.map { unsafe ErrorListMemory.count($0) } ?? 0
}

/// See error.h.
@c @implementation
public func fl_error_list_get(
    _ list: OpaquePointer?, _ index: Int, _ out_error: UnsafeMutablePointer<fl_error>?
) -> fl_status {
    guard let list = unsafe list, let out = unsafe out_error else { return Status.invalidArgument }
    guard unsafe isSized(out) else { return Status.structSize }
    guard index >= 0, unsafe index < ErrorListMemory.count(list) else { return Status.notFound }
    let size = unsafe out.pointee.struct_size
    unsafe out.pointee = ErrorListMemory.error(list, index)
    unsafe out.pointee.struct_size = size
    return Status.ok
}

/// See error.h.
@c @implementation
public func fl_error_list_destroy(_ list: OpaquePointer?) {
    if let list = unsafe list { unsafe UnsafeMutableRawPointer(list).deallocate() }
}
