// Fairlead: preparing requests in memory of one's own
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Prepares requests in memory of its own, one after the other: the Swift host's way to `PreparationRules`.
///
/// The memory is kept from request to request and grows as needed, so that a host which reuses its preparers allocates
/// nothing per request. Not thread-safe; one thread at a time.
@safe
public final class Preparer {
    private var text: UnsafeMutablePointer<UInt8>
    private var textCapacity: Int
    private var lines: UnsafeMutablePointer<HeaderLine>
    private var lineCapacity: Int

    /// What is done to requests.
    public var rules: PreparationRules

    /// A preparer for `rules`, with room for `capacity` bytes to begin with.
    public init(_ rules: PreparationRules = PreparationRules(), capacity: Int = 1024) {
        self.rules = rules
        textCapacity = max(capacity, 64)
        unsafe text = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
        lineCapacity = 32
        unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: lineCapacity)
    }

    deinit {
        unsafe text.deallocate()
        unsafe lines.deallocate()
    }

    /// Prepares `request`, in place of the one before. The result borrows from the request and from this object.
    public func prepare(_ request: borrowing RequestView) -> PreparedRequest {
        var output = unsafe OutputBuffer(start: text, capacity: textCapacity)
        var headers = unsafe HeaderOutput(start: lines, capacity: lineCapacity)
        let prepared = rules.prepare(request, text: &output, lines: &headers)
        if output.fits, headers.fits { return prepared }
        grow(rules.room(for: request))
        output = unsafe OutputBuffer(start: text, capacity: textCapacity)
        headers = unsafe HeaderOutput(start: lines, capacity: lineCapacity)
        return rules.prepare(request, text: &output, lines: &headers)
    }

    private func grow(_ room: (text: Int, lines: Int)) {
        unsafe text.deallocate()
        textCapacity = max(room.text, textCapacity)
        unsafe text = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
        unsafe lines.deallocate()
        lineCapacity = max(room.lines, lineCapacity)
        unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: lineCapacity)
    }
}
