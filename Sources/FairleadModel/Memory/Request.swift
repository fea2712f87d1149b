// Fairlead: a request that owns its bytes
// SPDX-License-Identifier: Apache-2.0

/// A request that owns its bytes: the Swift host's way to a `RequestView`.
///
/// All texts lie in one buffer that is kept when the request is filled again (`reset`), so that a host which reuses its
/// requests allocates nothing per request. Not thread-safe; one thread at a time.
@safe
public final class Request {
    private struct Part {
        var offset = 0
        var count = -1
    }

    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var used = 0
    private var method = Part()
    private var scheme = Part()
    private var authority = Part()
    private var path = Part()
    private var source = Part()
    private var destination = Part()
    private var headers: [(name: Part, value: Part)] = []
    private var lines: UnsafeMutablePointer<HeaderLine>
    private var lineCapacity: Int
    private var facts: [OwnedFact] = []
    private var factMemory: FactMemory?

    /// What the connection tells about the client's certificate.
    public var connection = ConnectionFacts()
    /// The request's own 64 random bits, or `nil` to let the worker draw them.
    public var random: UInt64?

    /// An empty request with room for `capacity` bytes of text; it grows as needed.
    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        unsafe buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: self.capacity)
        lineCapacity = 16
        unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: 16)
    }

    /// A request of the given parts; `nil` for what was not there.
    public convenience init(
        method: String = "GET", scheme: String = "http", authority: String?, path: String?,
        headers: [(String, String)] = [], source: String? = nil
    ) {
        self.init()
        set(method: method)
        set(scheme: scheme)
        if let authority { set(authority: authority) }
        if let path { set(path: path) }
        if let source { set(source: source) }
        for (name, value) in headers { addHeader(name, value) }
    }

    deinit {
        unsafe buffer.deallocate()
        unsafe lines.deallocate()
    }

    /// Empties the request and keeps its memory.
    public func reset() {
        used = 0
        method = Part()
        scheme = Part()
        authority = Part()
        path = Part()
        source = Part()
        destination = Part()
        headers.removeAll(keepingCapacity: true)
        connection = ConnectionFacts()
        random = nil
        if !facts.isEmpty { facts.removeAll(keepingCapacity: true) }
        factMemory = nil
    }

    /// Sets the method, for example `GET`.
    public func set(method text: some Collection<UInt8>) { method = store(text) }
    /// Sets the method, for example `GET`.
    public func set(method text: String) { method = store(text.utf8) }
    /// Sets the scheme, `http` or `https`.
    public func set(scheme text: String) { scheme = store(text.utf8) }
    /// Sets the `:authority` or `Host` as received.
    public func set(authority text: some Collection<UInt8>) { authority = store(text) }
    /// Sets the `:authority` or `Host` as received.
    public func set(authority text: String) { authority = store(text.utf8) }
    /// Sets the request target with its query.
    public func set(path text: some Collection<UInt8>) { path = store(text) }
    /// Sets the request target with its query.
    public func set(path text: String) { path = store(text.utf8) }
    /// Sets the client's address as text with a port.
    public func set(source text: String) { source = store(text.utf8) }
    /// Sets the local address as text with a port.
    public func set(destination text: String) { destination = store(text.utf8) }

    /// Removes all header lines.
    public func removeHeaders() { headers.removeAll(keepingCapacity: true) }

    /// Adds a header line; the name may be in any case.
    public func addHeader(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        headers.append((store(name), store(value)))
    }

    /// Adds a header line; the name may be in any case.
    public func addHeader(_ name: String, _ value: String) { addHeader(name.utf8, value.utf8) }

    /// Adds dynamic metadata: a structure that the filter called `filter` wrote.
    public func addMetadata(_ filter: String, _ value: FactValue) {
        facts += OwnedFact.flat(.metadata, filter, [], value)
        factMemory = nil
    }

    /// Adds filter state: the text or address of the object called `key`.
    public func addFilterState(_ key: String, _ value: FactValue) {
        facts.append(OwnedFact(source: .filterState, name: key, path: [], value: value))
        factMemory = nil
    }

    /// The request as the engine sees it, until it is changed.
    public var view: RequestView {
        @_lifetime(borrow self)
        get {
            if headers.count > lineCapacity {
                unsafe lines.deallocate()
                lineCapacity = headers.count * 2
                unsafe lines = UnsafeMutablePointer<HeaderLine>.allocate(capacity: lineCapacity)
            }
            for index in headers.indices {
                let line = HeaderLine(name: bytes(headers[index].name), value: bytes(headers[index].value))
                unsafe (lines + index).initialize(to: line)
            }
            let list = unsafe HeaderList(start: UnsafePointer(lines), count: headers.count)
            if factMemory == nil, !facts.isEmpty { factMemory = FactMemory(facts) }
            return RequestView(
                borrowing: self, method: bytes(method), scheme: bytes(scheme), authority: bytes(authority),
                path: bytes(path), headers: list, source: bytes(source), destination: bytes(destination),
                connection: connection, random: random, facts: factMemory?.list ?? .none)
        }
    }

    private func bytes(_ part: Part) -> Bytes {
        part.count < 0 ? .missing : unsafe Bytes(start: UnsafePointer(buffer + part.offset), count: part.count)
    }

    private func store(_ text: some Collection<UInt8>) -> Part {
        let count = text.count
        if used + count > capacity {
            capacity = max(capacity * 2, used + count)
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
            unsafe larger.update(from: buffer, count: used)
            unsafe buffer.deallocate()
            unsafe buffer = larger
        }
        let part = Part(offset: used, count: count)
        for byte in text {
            unsafe buffer[used] = byte
            used += 1
        }
        return part
    }
}
