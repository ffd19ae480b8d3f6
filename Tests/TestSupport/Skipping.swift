import Foundation

/// Whether what some tests need is there; where it is not, says once on standard error which tests are skipped, and why.
package func canTest(_ what: String, _ isThere: Bool, without reason: String) -> Bool {
    if !isThere { FileHandle.standardError.write(Data("NOTE: \(what) are SKIPPED: \(reason)\n".utf8)) }
    return isThere
}
