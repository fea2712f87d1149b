// Fairlead: what one event loop counts
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What one event loop counts. Only the loop adds; anybody may read.
final class LoopCounters: Sendable {
    /// What is counted, with its name in Envoy's statistics.
    enum Counter: Int, CaseIterable {
        case connections
        case activeConnections
        case requests
        case activeRequests
        case status1xx
        case status2xx
        case status3xx
        case status4xx
        case status5xx
        case malformed
        case timeouts
        case aborted

        var name: String {
            switch self {
            case .connections: "http.downstream_cx_total"
            case .activeConnections: "http.downstream_cx_active"
            case .requests: "http.downstream_rq_total"
            case .activeRequests: "http.downstream_rq_active"
            case .status1xx: "http.downstream_rq_1xx"
            case .status2xx: "http.downstream_rq_2xx"
            case .status3xx: "http.downstream_rq_3xx"
            case .status4xx: "http.downstream_rq_4xx"
            case .status5xx: "http.downstream_rq_5xx"
            case .malformed: "http.downstream_cx_protocol_error"
            case .timeouts: "http.downstream_rq_timeout"
            case .aborted: "http.downstream_rq_rx_reset"
            }
        }

        var isGauge: Bool { self == .activeConnections || self == .activeRequests }
    }

    private let values: [Cell] = Counter.allCases.map { _ in Cell() }

    private final class Cell: Sendable {
        let value = Atomic<Int>(0)
    }

    /// Adds `amount`, which only the loop may do.
    func add(_ counter: Counter, _ amount: Int = 1) {
        // One writer: a relaxed load and store are enough, and cost no locked instruction.
        let cell = values[counter.rawValue]
        cell.value.store(cell.value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Counts a response of `status`.
    func count(status: UInt16) {
        switch status {
        case 200..<300: add(.status2xx)
        case 300..<400: add(.status3xx)
        case 400..<500: add(.status4xx)
        case 500...: add(.status5xx)
        default: add(.status1xx)
        }
    }

    /// The count so far.
    func value(_ counter: Counter) -> Int { values[counter.rawValue].value.load(ordering: .relaxed) }
}
