import Commands
import Foundation
import Synchronization
import Terminal

/// What a command line printed and returned.
struct Answer: Equatable {
    var code: Int32
    var output: String
    var messages: String
}

/// Runs the whole tool in this process.
func run(_ words: [String], environment: [String: String] = [:], width: Int? = 80) -> Answer {
    let output = Mutex<[UInt8]>([])
    let messages = Mutex<[UInt8]>([])
    let console = Console(
        window: width, messageWindow: width, output: { bytes in output.withLock { $0 += bytes } },
        messages: { bytes in messages.withLock { $0 += bytes } })
    let code = sail(words, environment: environment, console: console)
    return Answer(
        code: code, output: String(decoding: output.withLock { $0 }, as: UTF8.self),
        messages: String(decoding: messages.withLock { $0 }, as: UTF8.self))
}
