// Fairlead: header mutations of routes, applied
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension HeaderLines {
    /// Applies the mutations of all levels of `route` in their order, to a request or to a response.
    ///
    /// - Parameter compose: writes a value that depends on the request; it is given the lines as they are then.
    /// - Returns: whether there were any mutations.
    @discardableResult
    mutating func apply(
        _ route: RouteView, toResponse: Bool, compose: (RouteView.Addition, HeaderLines) -> String
    ) -> Bool {
        var isMutated = false
        for position in 0..<RouteView.mutationLevelCount {
            guard let level = route.mutations(position) else { continue }
            isMutated = true
            for index in 0..<level.removalCount(fromResponse: toResponse) {
                remove(HeaderName.lowercased(level.removal(index, fromResponse: toResponse).string))
            }
            let count = level.additionCount(toResponse: toResponse)
            guard count > 0 else { continue }
            let before = self
            var appended: [Line] = []
            for index in 0..<count {
                let addition = level.addition(index, toResponse: toResponse)
                let value = addition.isFixed ? addition.value.string : compose(addition, before)
                guard !value.isEmpty || addition.keepsEmptyValue else { continue }
                let name = HeaderName.lowercased(addition.name.string)
                // The numbers of Envoy's HeaderAppendAction; what it does not know is appended, its default. What is
                // there is looked at before anything of this level is written, and what is appended comes last.
                switch addition.rule {
                case 1: if !before.contains(name) { appended.append(Line(name: name, value: value)) }
                case 2: set(name, value)
                case 3: if before.contains(name) { set(name, value) }
                default: appended.append(Line(name: name, value: value))
                }
            }
            for line in appended { append(line.name, line.value) }
        }
        return isMutated
    }

    /// Applies what the mirror policy at `index` of `route` says of the headers of its copies, one change after the other.
    ///
    /// - Parameter compose: writes a value that depends on the request; it is given the lines as they are then.
    mutating func apply(
        mirror index: Int, of route: RouteView, compose: (RouteView.Addition, HeaderLines) -> String
    ) {
        var position = 0
        while let change = route.mirrorHeaderChange(index, position) {
            position += 1
            switch change {
            case .remove(let name): remove(HeaderName.lowercased(name.string))
            case .add(let addition):
                let value = addition.isFixed ? addition.value.string : compose(addition, self)
                guard !value.isEmpty || addition.keepsEmptyValue else { continue }
                let name = HeaderName.lowercased(addition.name.string)
                switch addition.rule {
                case 1: if !contains(name) { append(name, value) }
                case 2: set(name, value)
                case 3: if contains(name) { set(name, value) }
                default: append(name, value)
                }
            }
        }
    }
}
