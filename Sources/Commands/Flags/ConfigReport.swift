import Values

/// What `sail config` shows: the config file, and every default that it or the environment gives to a flag.
struct ConfigReport: Sendable {
    /// A value of a flag from one place.
    struct Row: Sendable {
        let flag: String
        let value: String
        let place: String
        /// What sets the flag instead.
        var winner: String?

        var cells: [String] { [flag, value, place, winner.map { "not used: \($0) sets it" } ?? ""] }

        var tree: Value {
            [
                "flag": .string(flag), "value": .string(value), "from": .string(place), "counts": .bool(winner == nil),
            ]
        }
    }

    /// Where the file is looked for; `nil` without a home.
    var path: String?
    var exists = false
    /// The context that the command line is about.
    var context: String?
    var rows: [Row] = []
}
