// Fairlead: documents, and one atomic change of the configuration
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_UPDATE_HPP
#define FAIRLEAD_UPDATE_HPP

#include "result.hpp"

namespace fairlead {

/// A message of Envoy's v3 schema, as YAML, JSON or protobuf; `content` and `file` are borrowed.
struct Document : Sized<fl_document> {
    /// `file` is a name for error messages, and may be missing; no file is opened.
    explicit Document(std::string_view text, std::string_view name = {}, fl_format notation = FL_FORMAT_AUTO,
                      fl_document_flags how = 0) noexcept {
        content = lend(text);
        file = lend(name);
        format = notation;
        flags = how;
    }
};

/// Changes that an engine takes as one step, or not at all, in the order in which they were added. Move-only.
///
/// Made by `Engine::make_update`; one thread at a time uses it. It can be applied more than once.
class Update {
  public:
    /// Takes an update of the library's.
    explicit Update(fl_update *update) noexcept : update_(update) {}

    /// Adds or replaces the resource that `document` holds. FL_ERROR_CONFIGURATION when it has errors: Engine::check
    /// and Engine::apply tell them, together with everything else.
    Status add(fl_resource resource, const fl_document &document) noexcept {
        return fl_update_add(update_.get(), resource, &document);
    }
    /// Removes the resource called `name`; it is no error if there is none.
    Status remove(fl_resource resource, std::string_view name) noexcept {
        return fl_update_remove(update_.get(), resource, lend(name));
    }
    /// Removes everything, so that what is added after it describes the whole configuration.
    Status remove_everything() noexcept { return fl_update_remove_everything(update_.get()); }

    /// The library's update, still owned here.
    fl_update *get() const noexcept { return update_.get(); }

  private:
    struct Destroy {
        void operator()(fl_update *update) const noexcept { fl_update_destroy(update); }
    };
    std::unique_ptr<fl_update, Destroy> update_;
};

} // namespace fairlead

#endif
