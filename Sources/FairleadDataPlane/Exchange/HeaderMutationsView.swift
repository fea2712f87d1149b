// Fairlead: header mutations, as the host applies them
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// One added header.
    public struct Addition {
        /// The name.
        public let name: Bytes
        /// The value, when it is the same for every request; `RouteView.writeValue` writes the others.
        public let value: Bytes
        /// Whether the value is the same for every request: it has no substitution commands.
        public let isFixed: Bool
        /// What happens when the header is there: the numbers of Envoy's `HeaderAppendAction`.
        public let rule: UInt8
        /// Whether an empty value is added too.
        public let keepsEmptyValue: Bool
        let format: SubstitutionText
        let block: BlockView

        init(_ record: AdditionRecord, _ block: BlockView) {
            name = block.bytes(record.name)
            value = block.bytes(record.value)
            isFixed = record.format.count == 0
            rule = UInt8(truncatingIfNeeded: record.rule)
            keepsEmptyValue = record.keepsEmptyValue == 1
            format = record.format
            self.block = block
        }
    }

    /// The mutations of one level: weighted cluster, route, virtual host or table.
    public struct MutationLevel {
        private let record: MutationsRecord
        private let block: BlockView

        init(_ record: MutationsRecord, _ block: BlockView) {
            self.record = record
            self.block = block
        }

        /// How many headers are added to the request, or to the response.
        public func additionCount(toResponse: Bool) -> Int { Int(additions(toResponse).count) }

        /// The addition at `index` to the request, or to the response.
        public func addition(_ index: Int, toResponse: Bool) -> Addition {
            Addition(block[additions(toResponse), index], block)
        }

        /// How many headers are removed from the request, or from the response.
        public func removalCount(fromResponse: Bool) -> Int { Int(removals(fromResponse).count) }

        /// The name at `index` that is removed from the request, or from the response.
        public func removal(_ index: Int, fromResponse: Bool) -> Bytes {
            block.bytes(block[removals(fromResponse), index])
        }

        private func additions(_ toResponse: Bool) -> BlockArray<AdditionRecord> {
            toResponse ? record.responseAdditions : record.requestAdditions
        }

        private func removals(_ fromResponse: Bool) -> BlockArray<BlockText> {
            fromResponse ? record.responseRemovals : record.requestRemovals
        }
    }

    /// How many levels there are to ask for.
    public static var mutationLevelCount: Int { 4 }

    /// The mutations at `position` in the order in which they are applied; `nil` when that level has none.
    ///
    /// The order is weighted cluster, route, virtual host, table; with `most_specific_header_mutations_wins` it is
    /// weighted cluster, table, virtual host, route. Within a level removals come first; then all values are composed
    /// and all conditions tested, on the headers as they are then; then what overwrites is written, then what is added.
    public func mutations(_ position: Int) -> MutationLevel? {
        guard let (entry, block) = compiled, position < RouteView.mutationLevelCount else { return nil }
        let isReversed = tableFlags.contains(.mostSpecificMutationsWin)
        let reference: BlockReference<MutationsRecord>
        switch isReversed && position != 0 ? RouteView.mutationLevelCount - position : position {
        case 0: reference = weightedEntry?.mutations ?? .none
        case 1: reference = entry.mutations
        case 2: reference = block.load(0, as: VirtualHostHeader.self).mutations
        case 3: return tableMutations
        default: return nil
        }
        return reference.exists ? MutationLevel(block[reference], block) : nil
    }
}
