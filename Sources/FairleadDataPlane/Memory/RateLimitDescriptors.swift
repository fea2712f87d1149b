// Fairlead: descriptors for rate limit services in memory of one's own
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Makes descriptors in memory of its own, one after the other: the Swift host's way to `RouteView.nextRateLimit`.
///
/// The memory is kept from request to request and grows as needed, so that a host which reuses it allocates nothing per
/// request. Not thread-safe; one thread at a time.
@safe
public final class RateLimitDescriptors {
    private var text: UnsafeMutablePointer<UInt8>
    private var textCapacity = 256
    private var lines: UnsafeMutablePointer<HeaderLine>
    private var lineCapacity = 16

    /// The entries of the last descriptor, a key and a value each. They borrow from the request, from the exchange until
    /// it ends, and from this object until the next descriptor.
    public private(set) var entries = HeaderList.none

    /// Memory for descriptors of the usual size.
    public init() {
        unsafe text = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
        unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: lineCapacity)
    }

    deinit {
        unsafe text.deallocate()
        unsafe lines.deallocate()
    }

    /// Makes the next descriptor that `route` and its virtual host ask for; `nil` when there is none left.
    public func next(
        _ route: RouteView, _ request: borrowing RequestView, _ query: RateLimitQuery = RateLimitQuery(),
        _ cursor: inout RateLimitCursor
    ) -> RateLimitDescriptor? {
        while true {
            var output = unsafe OutputBuffer(start: text, capacity: textCapacity)
            var list = unsafe HeaderOutput(start: lines, capacity: lineCapacity)
            let made = route.nextRateLimit(request, query, &cursor, entries: &list, text: &output)
            if output.fits, list.fits {
                entries = list.lines
                return made
            }
            grow(text: output.needed, lines: list.needed)
        }
    }

    private func grow(text textCount: Int, lines lineCount: Int) {
        unsafe text.deallocate()
        textCapacity = max(textCount, textCapacity)
        unsafe text = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
        unsafe lines.deallocate()
        lineCapacity = max(lineCount, lineCapacity)
        unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: lineCapacity)
    }
}
