internal import CSystem

/// The words that this process was started with, its name first; also where there is no /proc.
package func readArguments() -> [String] {
    var words: [String] = []
    while let word = csystem_argument(Int32(clamping: words.count)) { words.append(String(cString: word)) }
    return words
}
