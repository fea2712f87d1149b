/* Fairlead: one atomic change of the configuration
 * SPDX-License-Identifier: Apache-2.0
 *
 * Several resources that belong together, such as a route table and the clusters that it names, are changed as one
 * step:
 *
 *     fl_update *update;
 *     fl_update_create(engine, &update);
 *     fl_update_add(update, FL_RESOURCE_CLUSTER, &cluster);
 *     fl_update_add(update, FL_RESOURCE_ROUTE_CONFIGURATION, &routes);
 *     fl_update_remove(update, FL_RESOURCE_CLUSTER, fl_bytes_of("old"));
 *     fl_status status = fl_engine_apply(engine, update, &generation, &errors);
 *     fl_update_destroy(update);
 */
#ifndef FAIRLEAD_UPDATE_H
#define FAIRLEAD_UPDATE_H

#include "bytes.h"
#include "engine.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* The notation of a document. */
typedef uint32_t fl_format;

enum {
    /* By the end of the file's name (.yaml, .yml, .json, .pb), else by the first bytes. */
    FL_FORMAT_AUTO = 0,
    FL_FORMAT_YAML = 1,
    FL_FORMAT_JSON = 2,
    FL_FORMAT_PROTOBUF = 3
};

/* Flags of a document. */
typedef uint32_t fl_document_flags;

enum {
    /* Fields that the schema does not know are errors, and not warnings. */
    FL_DOCUMENT_STRICT = 1 << 0
};

/* A message of Envoy's v3 schema, as YAML, JSON or protobuf. */
typedef struct fl_document {
    uint32_t struct_size;
    fl_format format;
    fl_document_flags flags;
    /* Nothing yet. */
    uint32_t reserved;
    /* The message. */
    fl_bytes content;
    /* The name of its file, for error messages; may be missing. The library opens no file, neither of that name nor
     * those that a configuration names. */
    fl_bytes file;
} fl_document;

/* The types of resources. */
typedef uint32_t fl_resource;

enum {
    /* envoy.config.listener.v3.Listener */
    FL_RESOURCE_LISTENER = 1,
    /* envoy.config.route.v3.RouteConfiguration */
    FL_RESOURCE_ROUTE_CONFIGURATION = 2,
    /* envoy.config.cluster.v3.Cluster */
    FL_RESOURCE_CLUSTER = 3,
    /* envoy.config.endpoint.v3.ClusterLoadAssignment */
    FL_RESOURCE_ENDPOINTS = 4,
    /* envoy.service.runtime.v3.Runtime: a layer of runtime values, such as an RTDS server sends. A layer that is new
     * goes on top of those that are there; one that is replaced stays in its place. Only virtual hosts that refer to a
     * key whose value changes are compiled anew. */
    FL_RESOURCE_RUNTIME = 5
};

/* Changes that are taken as one step, or not at all. They act in the order in which they were added. */
typedef struct fl_update fl_update;

/* The type of resource that `type_url` names, with or without what stands before the last slash:
 * "type.googleapis.com/envoy.config.cluster.v3.Cluster".
 *
 * Ownership: nothing. Threads: any. Returns: FL_OK; FL_ERROR_UNKNOWN_RESOURCE_TYPE; FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_resource_of_type_url(fl_bytes type_url, fl_resource *out_resource);

/* Makes an update without any changes, for one engine: what can be read depends on the policies registered there.
 *
 * Ownership: the caller gets the update and frees it with fl_update_destroy. Threads: any.
 * Returns: FL_OK; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_update_create(fl_engine *engine, fl_update **out_update);

/* Adds or replaces the resource that `document` holds.
 *
 * The document is read at once. What is wrong with it is noted in the update, and told by fl_engine_check and
 * fl_engine_apply together with everything else; such an update cannot be applied.
 *
 * Ownership: the document is copied. Threads: one.
 * Returns: FL_OK; FL_ERROR_CONFIGURATION when the document has errors; FL_ERROR_UNKNOWN_RESOURCE_TYPE;
 * FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_update_add(fl_update *update, fl_resource resource, const fl_document *document);

/* Removes the resource called `name`; it is no error if there is none.
 *
 * Ownership: the name is copied. Threads: one.
 * Returns: FL_OK; FL_ERROR_UNKNOWN_RESOURCE_TYPE; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_update_remove(fl_update *update, fl_resource resource, fl_bytes name);

/* Removes everything, so that what is added after it describes the whole configuration. What is the same before and
 * after is shared and not rebuilt.
 *
 * Ownership: nothing. Threads: one. Returns: FL_OK; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_update_remove_everything(fl_update *update);

/* Frees an update, applied or not.
 *
 * Ownership: takes the update; NULL is fine. Threads: any, as the last call with this update. Returns: nothing.
 * Since: 0.1.
 */
FL_API void fl_update_destroy(fl_update *update);

FL_END_DECLARATIONS

#endif
