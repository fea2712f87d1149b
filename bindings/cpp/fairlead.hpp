// Fairlead: the C++17 binding, whole
// SPDX-License-Identifier: Apache-2.0
//
// Owners for what `fairlead.h` makes, and verbs that answer values. Header-only: nothing to build, nothing to link but
// libfairlead; usable with and without exceptions and run-time type information.
//
//     auto engine = fairlead::Engine::create().value();
//     engine.load(fairlead::Document(text, "envoy.yaml")).value();
//     auto worker = engine.make_worker().value();                      one for each thread
//
//     fairlead::Exchange exchange;
//     fairlead::Attempt attempt;
//     exchange.begin(worker, request);
//     while (exchange.pick(attempt)) {
//         ...                                                          the program's own I/O
//         const auto verdict = attempt.report(fairlead::response(status));
//         if (!verdict.retry) break;
//         ...                                                          wait verdict.delay
//     }
//
// Functions of the control side answer a Result: the value, or a status with everything that is wrong. The verbs of
// workers, exchanges and attempts answer a Status, allocate nothing and throw nothing; their structs are those of C
// with their size set, and their texts are borrowed for as long as the C headers say.
#ifndef FAIRLEAD_HPP
#define FAIRLEAD_HPP

#include "fairlead/attempt.hpp"
#include "fairlead/engine.hpp"
#include "fairlead/errors.hpp"
#include "fairlead/exchange.hpp"
#include "fairlead/library.hpp"
#include "fairlead/result.hpp"
#include "fairlead/text.hpp"
#include "fairlead/update.hpp"
#include "fairlead/worker.hpp"

#endif
