extension Failure.Way {
    package var description: String {
        switch self {
        case .signal(let number): "ended by signal \(number)"
        case .hang: "did not end in time"
        case .memory: "needed more than 1 GiB of memory"
        }
    }
}

extension Tally {
    /// The numbers of one kind in a line.
    package func line(_ name: String) -> String {
        let signals = failures.count { if case .signal = $0.way { true } else { false } }
        let hangs = failures.count { $0.way == .hang }
        let large = failures.count { $0.way == .memory }
        let title = name + String(repeating: " ", count: max(1, 16 - name.utf8.count))
        return title + "\(inputs) inputs, \(taken) taken, \(inputs - taken - failures.count) refused; "
            + "\(signals) signals, \(hangs) hangs, \(large) above 1 GiB; "
            + "at most \(peak >> 20) MiB, \(Int(seconds * 10)) tenths of a second"
    }
}
