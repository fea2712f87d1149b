// Fairlead: compiling URI templates
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension PathTemplate {
    /// The compiled parts.
    func record(_ writer: inout BlockWriter) -> BlockReference<TemplateRecord> {
        let compiled = parts.map { part in
            switch part {
            case .literal(let text): TemplatePart(.literal, text: writer.text(text))
            case .segment: TemplatePart(.segment)
            case .rest: TemplatePart(.rest)
            case .open(let number): TemplatePart(.open, number: number)
            case .close(let number): TemplatePart(.close, number: number)
            }
        }
        return writer.append(shared: TemplateRecord(parts: writer.append(compiled)))
    }

    /// The text that every path begins with which the template matches, up to its first `;`: the index is asked for
    /// paths that may lack what stands behind one.
    var filedText: String {
        var text = ""
        for part in parts {
            switch part {
            case .open, .close: continue
            case .literal(let literal): text += literal
            case .segment, .rest: return PathTemplate.withoutParameters(text)
            }
        }
        return PathTemplate.withoutParameters(text)
    }

    /// Whether the template is one text without parameters.
    var isWhole: Bool {
        parts.allSatisfy { part in
            switch part {
            case .segment, .rest: false
            case .literal(let text): !text.utf8.contains(UInt8(ascii: ";"))
            case .open, .close: true
            }
        }
    }

    private static func withoutParameters(_ text: String) -> String {
        String(decoding: text.utf8.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
    }
}

extension PathTemplateRewrite {
    /// The compiled parts; the variables are those of `template`. Rules see to it that all of them are there.
    func record(_ template: PathTemplate, _ writer: inout BlockWriter) -> BlockReference<TemplateRecord> {
        let compiled = parts.map { part in
            switch part {
            case .literal(let text): TemplatePart(.literal, text: writer.text(text))
            case .variable(let name):
                TemplatePart(.open, number: template.variables.firstIndex(of: name) ?? PathTemplate.maximumVariables)
            }
        }
        return writer.append(shared: TemplateRecord(parts: writer.append(compiled)))
    }
}
