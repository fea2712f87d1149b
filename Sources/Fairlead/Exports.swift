// Fairlead: what comes with `import Fairlead`
// SPDX-License-Identifier: Apache-2.0

@_exported public import FairleadConfiguration
@_exported public import FairleadDataPlane
@_exported public import FairleadModel
@_exported public import FairleadPlugin
