import Foundation
import Istio
import SailResources
import TestSupport
import Testing
import Values

/// Resources with what the operator's definitions answered on a real API server: beside a development checkout, or
/// where SAIL_OPERATOR_CASES says.
private enum OperatorCases {
    static let file: URL? = {
        if let path = ProcessInfo.processInfo.environment["SAIL_OPERATOR_CASES"] { return URL(filePath: path) }
        return ["..", "../.."].lazy
            .map {
                Repository.root.appending(path: $0).appending(path: "shared/operator-cases.jsonl").standardizedFileURL
            }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static let areThere = canTest(
        "comparisons with the operator's definitions", file != nil, without: "no operator-cases.jsonl")
}

@Suite(.enabled(if: OperatorCases.areThere)) struct OperatorCaseTests {
    /// What differs between the operator's answer and ours; empty where nothing does.
    private func difference(_ recorded: Value, _ schema: ResourceSchema) -> String {
        guard let input = recorded["input"]?.map else { return "no input" }
        let version = (input["apiVersion"]?.string ?? "").split(separator: "/").last.map(String.init) ?? ""
        let isAccepted = recorded["accepted"]?.bool ?? false
        let isAcceptedLoosely = recorded["acceptedWithoutStrict"]?.bool ?? isAccepted
        guard let kind = ResourceKind.named(input["kind"]?.string ?? ""), let known = kind.version(version) else {
            return isAccepted || isAcceptedLoosely ? "kind or version is not known" : ""
        }
        let admission = Admission(input, known, of: kind, schema)
        if admission.faults.isEmpty != isAccepted {
            return "accepted: \(isAccepted), faults \(admission.faults); \(recorded["error"]?.string ?? "")"
        }
        if admission.isAcceptedWithoutUnknownFields != isAcceptedLoosely {
            return "accepted without strict: \(isAcceptedLoosely), faults \(admission.faults)"
        }
        guard isAcceptedLoosely else { return "" }
        let (ours, theirs) = (admission.resource["spec"] ?? .null, recorded["spec"] ?? .null)
        return (try? ours.json()) == (try? theirs.json()) ? "" : "spec is \(ours), not \(theirs)"
    }

    @Test func resourcesAreAcceptedCompletedAndRefusedAsByTheOperatorsDefinitions() throws {
        let file = try #require(OperatorCases.file)
        let schema = ResourceSchema(versions: VersionRule(try Catalogue.builtIn()))
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 100)
        for line in lines {
            let recorded = try Value(json: String(line), numbers: .native)
            let difference = difference(recorded, schema)
            #expect(difference.isEmpty, "\(recorded["id"]?.string ?? ""): \(difference)")
        }
    }
}
