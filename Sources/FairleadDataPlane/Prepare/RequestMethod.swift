// Fairlead: the methods of HTTP
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The methods that Envoy's HTTP/1 codec knows; all others are refused.
enum RequestMethod {
    /// Whether `method` is known, in this case.
    static func isKnown(_ method: Bytes) -> Bool {
        switch method.count {
        case 3: method.elementsEqual("GET") || method.elementsEqual("PUT") || method.elementsEqual("ACL")
        case 4:
            method.elementsEqual("POST") || method.elementsEqual("HEAD") || method.elementsEqual("COPY")
                || method.elementsEqual("LOCK") || method.elementsEqual("MOVE") || method.elementsEqual("BIND")
                || method.elementsEqual("LINK")
        case 5:
            method.elementsEqual("PATCH") || method.elementsEqual("TRACE") || method.elementsEqual("MKCOL")
                || method.elementsEqual("MERGE") || method.elementsEqual("PURGE")
        case 6:
            method.elementsEqual("DELETE") || method.elementsEqual("SEARCH") || method.elementsEqual("UNLOCK")
                || method.elementsEqual("REBIND") || method.elementsEqual("UNBIND") || method.elementsEqual("REPORT")
                || method.elementsEqual("NOTIFY") || method.elementsEqual("UNLINK") || method.elementsEqual("SOURCE")
        case 7: method.elementsEqual("OPTIONS") || method.elementsEqual("CONNECT")
        case 8: method.elementsEqual("PROPFIND") || method.elementsEqual("CHECKOUT")
        case 9: method.elementsEqual("PROPPATCH") || method.elementsEqual("SUBSCRIBE")
        case 10: method.elementsEqual("MKACTIVITY") || method.elementsEqual("MKCALENDAR")
        case 11: method.elementsEqual("UNSUBSCRIBE")
        default: false
        }
    }
}
