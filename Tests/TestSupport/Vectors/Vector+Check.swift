extension Vector {
    /// Vectors that are answered otherwise, each with the reason; docs/fidelity.md tells the same.
    private static let exceptions: [String: String] = [:]

    /// Where the vectors of an area are answered otherwise than Helm answers them, and exceptions that are none;
    /// one line says so where there is no vector to check.
    package static func problems(in area: String, of isWanted: (Vector) -> Bool = { _ in true }) throws -> [String] {
        let vectors = try read(folder + "/\(area).jsonl").filter { isWanted($0) }
        if vectors.isEmpty { return ["no vector of \(area) is checked"] }
        return vectors.filter(\.isForThisZone).compactMap(\.problem)
    }

    private var problem: String? {
        guard let answer = answer() else { return "\(id): unknown operation" }
        let difference = difference(from: answer)
        guard let reason = Vector.exceptions[id] else { return difference.map { "\(id): \($0)" } }
        return difference == nil ? "\(id) is answered as Helm does: no exception any more (\(reason))" : nil
    }
}
