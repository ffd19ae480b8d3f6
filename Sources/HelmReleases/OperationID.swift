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

    package init(id: String, components: [Component], purpose: String = "") {
        self.id = id
        self.components = components
        self.purpose = purpose
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
            purpose: value?["purpose"]?.string ?? "")
    }

    fileprivate var value: Value {
        ["id": .string(id), "components": .list(components.map { .string($0.rawValue) }), "purpose": .string(purpose)]
    }
}

/// sail's note is an annotation of the recorded chart: Helm writes a whole Secret anew when it marks a revision as
/// superseded, and would drop what it does not know anywhere else.
private let noteKey = "sail"

extension ReleaseRecord {
    /// The chart with the note in its annotations.
    var notedChart: Value {
        guard !request.isNull else { return chart }
        var note = request.map ?? Mapping()
        note["run"] = run?.value
        note["revision"] = .int(revision)
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
        own["run"] = nil
        own["revision"] = nil
        request = .map(own)
    }
}
