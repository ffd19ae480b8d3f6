internal import Glibc
package import Istio
internal import System
internal import Values

/// The run of sail that a record belongs to, and the components that this run was about.
package struct OperationID: Sendable, Equatable {
    /// When it began, and a number that tells it from others of that second.
    package var id: String
    package var components: [Component]
    /// What the run was to do: `upgrade`.
    package var purpose: String

    /// Who asked for it, and how.
    package var details = RunDetails()

    package init(id: String, components: [Component], purpose: String = "", details: RunDetails = RunDetails()) {
        self.id = id
        self.components = components
        self.purpose = purpose
        self.details = details
    }

    /// Marks a run that begins now.
    package init(components: [Component], purpose: String) {
        let number = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        self.init(id: RFC3339.text(SystemClock.now()) + "-" + number, components: components, purpose: purpose)
    }

    fileprivate init?(_ value: Value?) {
        guard let id = value?["id"]?.string else { return nil }
        self.init(
            id: id, components: (value?["components"]?.list ?? []).compactMap { $0.string.flatMap(Component.init) },
            purpose: value?["purpose"]?.string ?? "", details: RunDetails(value ?? .null))
    }

    fileprivate var value: Value {
        var map: Mapping = [
            "id": .string(id), "components": .list(components.map { .string($0.rawValue) }),
            "purpose": .string(purpose),
        ]
        map.merge(details.note)
        return .map(map)
    }
}

/// Who asked for a run, with which flags, and what it was to change: kept with its records, for people.
package struct RunDetails: Sendable, Equatable {
    /// The user as the API server knows it; empty where it does not tell.
    package var user: String
    /// The flags of the command line, nothing secret among them.
    package var flags: [String]
    /// `2 created, 1 changed`
    package var changes: String

    package init(user: String = "", flags: [String] = [], changes: String = "") {
        (self.user, self.flags, self.changes) = (user, flags, changes)
    }

    fileprivate init(_ value: Value) {
        self.init(
            user: value["user"]?.string ?? "", flags: (value["flags"]?.list ?? []).compactMap(\.string),
            changes: value["changes"]?.string ?? "")
    }

    fileprivate var note: Mapping {
        var map = Mapping()
        if !user.isEmpty { map["user"] = .string(user) }
        if !flags.isEmpty { map["flags"] = .list(flags.map(Value.string)) }
        if !changes.isEmpty { map["changes"] = .string(changes) }
        return map
    }
}

/// sail's note is an annotation of the recorded chart: Helm rewrites a whole Secret when it marks a revision as
/// superseded, and would drop what it does not know anywhere else.
private let noteKey = "sail"

extension ReleaseRecord {
    /// The chart with the note in its annotations.
    var notedChart: Value {
        guard !request.isNull else { return chart }
        var note = request.map ?? Mapping()
        note["run"] = run?.value
        note["revision"] = .int(revision)
        if let ended { note["ended"] = .int(ended) }
        guard let text = try? Value.map(note).json(escapingHTML: false), case .map(var map) = chart else {
            return chart
        }
        var metadata = map["metadata"]?.map ?? Mapping()
        var annotations = metadata["annotations"]?.map ?? Mapping()
        annotations[noteKey] = .string(text)
        metadata["annotations"] = .map(annotations)
        map["metadata"] = .map(metadata)
        return .map(map)
    }

    /// Takes the note out of the chart's annotations, where it is this very revision's: `helm rollback` copies it.
    mutating func takeNote() {
        guard case .map(var map) = chart, case .map(var metadata) = map["metadata"],
            case .map(var annotations) = metadata["annotations"], let text = annotations[noteKey]?.string
        else { return }
        annotations[noteKey] = nil
        metadata["annotations"] = annotations.isEmpty ? nil : .map(annotations)
        map["metadata"] = .map(metadata)
        chart = .map(map)
        guard let note = try? Value(json: Array(text.utf8), numbers: .native), case .map(var own) = note,
            own["revision"]?.int == revision
        else { return }
        run = OperationID(own["run"])
        ended = own["ended"]?.int
        own["ended"] = nil
        own["run"] = nil
        own["revision"] = nil
        request = .map(own)
    }
}
