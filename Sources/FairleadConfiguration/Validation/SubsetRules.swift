// Fairlead: rules for subsets of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The most values of subsets that the endpoints of a cluster may have together: each is a subset in the worst case.
    private static let maximumCombinations = 1 << 20

    /// How a cluster makes subsets.
    mutating func check(_ subsets: SubsetBalancing) {
        each("subset_selectors", subsets.selectors) { walk, selector in
            guard case .fewerKeys(let fewer) = selector.fallback else { return }
            let (keys, wanted) = (Set(selector.keys.map { ExactText($0) }), Set(fewer.map { ExactText($0) }))
            func refuse(_ message: String) { walk.error(.invalidValue, at: "fallback_keys_subset", message) }
            if wanted.isEmpty {
                refuse("fallback_keys_subset cannot be empty")
            } else if !wanted.isSubset(of: keys) {
                refuse("fallback_keys_subset must be a subset of selector keys")
            } else if wanted.count == keys.count {
                refuse("fallback_keys_subset cannot be equal to keys")
            }
        }
    }

    /// How many subsets the endpoints of an assignment may make: lists that mean any of their values multiply.
    mutating func checkSubsetSize(of assignment: EndpointAssignment, _ subsets: SubsetBalancing) {
        var combinations = 0
        for endpoint in assignment.localities.lazy.flatMap({ $0.endpoints }) {
            let fields = endpoint.metadata.balancingFields
            guard !fields.isEmpty else { continue }
            for selector in subsets.selectors {
                var product = 1
                for key in Set(selector.keys) where product <= ProblemTrail.maximumCombinations {
                    guard subsets.listsMeanAnyValue,
                        case .list(let values)? = fields.first(where: { $0.name == key })?.value
                    else { continue }
                    product *= max(values.count, 1)
                }
                combinations += product
                if combinations > ProblemTrail.maximumCombinations {
                    error(
                        .limitExceeded, at: "endpoints",
                        "the values of the endpoints come to more than \(ProblemTrail.maximumCombinations) combinations"
                    )
                    return
                }
            }
        }
    }
}
