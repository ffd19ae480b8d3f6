import System
import Values

/// What the schema of a catalogue cannot say: each release below its own minor, each thing once, days that exist.
struct CatalogueForms {
    struct Fault {
        let path: [String]
        let what: String
        let remedy: String
        /// Whether the key itself is wrong, and not its value.
        let isOfKey: Bool

        init(_ path: [String], _ what: String, _ remedy: String, isOfKey: Bool = false) {
            (self.path, self.what, self.remedy, self.isOfKey) = (path, what, remedy, isOfKey)
        }
    }

    private(set) var faults: [Fault] = []

    init(_ value: Value) {
        for (name, _) in value["aliases"]?.map ?? Mapping() where IstioVersion(name) != nil {
            faults.append(Fault(["aliases", name], "a version cannot be an alias", "choose a word", isOfKey: true))
        }
        if value["aliases"]?[""] != nil {
            faults.append(Fault(["aliases", ""], "an alias has no name", "choose a word", isOfKey: true))
        }
        var seen: Set<String> = []
        for (index, minor) in (value["minors"]?.list ?? []).enumerated() {
            let path = ["minors", "\(index)"]
            let name = minor["minor"]?.string ?? ""
            if !seen.insert(name).inserted {
                faults.append(Fault(path + ["minor"], "\(name) is given twice", "put all of it into one entry"))
            }
            checkKubernetes(minor, path)
            checkDay(minor["endOfLife"]?.string, path + ["endOfLife"])
            var versions: Set<String> = []
            for (index, release) in (minor["releases"]?.list ?? []).enumerated() {
                let path = path + ["releases", "\(index)"]
                checkRelease(release["version"]?.string ?? "", name, path, &versions)
                checkImages(release["imageDigests"]?.map ?? Mapping(), path + ["imageDigests"])
            }
        }
    }

    private mutating func checkKubernetes(_ minor: Value, _ path: [String]) {
        let ends = ["min", "max"].map { minor[path: "kubernetes", $0]?.string.flatMap { KubernetesVersion($0) } }
        guard let least = ends[0], let most = ends[1], most < least else { return }
        faults.append(Fault(path + ["kubernetes"], "min \(least) is after max \(most)", "swap them"))
    }

    /// A day of the form YEAR-MONTH-DAY that the calendar has.
    private mutating func checkDay(_ text: String?, _ path: [String]) {
        guard let text else { return }
        // Another form is the schema's to refuse.
        let parts = text.split(separator: "-")
        guard parts.count == 3, parts.allSatisfy({ Int($0) != nil }) else { return }
        if RFC3339.seconds("\(text)T00:00:00Z") != nil { return }
        faults.append(Fault(path, "\(text) is no day of the calendar", "write the day as 2027-04-30"))
    }

    private mutating func checkImages(_ digests: Mapping, _ path: [String]) {
        for (name, _) in digests {
            let parts = name.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !name.contains("/") { continue }
            faults.append(
                Fault(
                    path + [name], "is no image with a tag", "write it without registry: pilot:1.30.7-distroless",
                    isOfKey: true))
        }
    }

    private mutating func checkRelease(
        _ version: String, _ minor: String, _ path: [String], _ seen: inout Set<String>
    ) {
        let place = path + ["version"]
        guard let number = IstioVersion(version), number.patch != nil else {
            faults.append(Fault(place, "\(version) is no version", "write it as v\(minor).0"))
            return
        }
        if number.minorName != minor {
            faults.append(Fault(place, "\(version) is no release of \(minor)", "move it below its own minor"))
        } else if !seen.insert(version).inserted {
            faults.append(Fault(place, "\(version) is given twice", "put all of it into one entry"))
        }
    }
}
