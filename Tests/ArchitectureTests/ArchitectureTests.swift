import Foundation
import TestSupport
import Testing

/// The repository's own text, read where the tests were built from.
extension Repository {
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The Swift files below a folder by their paths from the root.
    static func sources(_ folder: String) throws -> [String: String] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try Dictionary(
            uniqueKeysWithValues: names.filter { $0.hasSuffix(".swift") }.map {
                ("\(folder)/\($0)", try text("\(folder)/\($0)"))
            })
    }
}

extension String {
    /// What the groups of a pattern match, for each match.
    func matches(_ pattern: String) throws -> [[String]] {
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        return expression.matches(in: self, range: NSRange(startIndex..., in: self)).map { match in
            (0..<match.numberOfRanges).map { Range(match.range(at: $0), in: self).map { String(self[$0]) } ?? "" }
        }
    }
}

/// What docs/architecture.md says of the targets is what Package.swift builds.
@Suite struct TargetGraphTests {
    /// `target("Istio", ["Assets", …])` of Package.swift.
    private func declared() throws -> [String: Set<String>] {
        var graph: [String: Set<String>] = [:]
        let text = try Repository.text("Package.swift")
        for match in try text.matches(#"^        target\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?"#) {
            graph[match[1]] = Set(try match[2].matches(#""(\w+)""#).map { $0[1] })
        }
        return graph
    }

    /// The rows of the table in docs/architecture.md: `| Planning | Objects | … |`.
    private func described() throws -> [String: Set<String>] {
        var graph: [String: Set<String>] = [:]
        let page = try Repository.text("docs/architecture.md")
        let section = page.components(separatedBy: "\n## ").first { $0.hasPrefix("The targets") } ?? ""
        for match in try section.matches(#"^\| (\w+) \| ([\w, –]+) \|"#)
        where match[1] != "target" {
            graph[match[1]] = Set(try match[2].matches(#"\w+"#).map { $0[0] })
        }
        return graph
    }

    @Test func theDocumentedGraphIsThatOfThePackage() throws {
        let (declared, described) = (try declared(), try described())
        #expect(described.count >= 13)
        for name in described.keys.sorted() {
            // The table has the targets from the vocabulary upwards, and of their dependencies those among them.
            #expect(declared[name]?.intersection(described.keys) == described[name], "\(name)")
        }
    }

    /// The rows of the page's two tables of places: `| what writes to the cluster | Applying/ |`.
    @Test func theFilesThatThePageNamesAreThere() throws {
        let page = try Repository.text("docs/architecture.md")
        let sections = page.components(separatedBy: "\n## ").filter { $0.hasPrefix("Where a ") }
        #expect(sections.count == 2)
        var named = 0
        for section in sections {
            for row in try section.matches(#"^\| [^|]+ \| ([A-Z][^|]+) \|$"#) {
                for place in row[1].components(separatedBy: ", ") where place.contains("/") {
                    let path = Repository.root.appending(path: "Sources/\(place.prefix { $0 != " " })").path
                    #expect(FileManager.default.fileExists(atPath: path), "\(place)")
                    named += 1
                }
            }
        }
        #expect(named > 35)
    }

    @Test func thePartsThatDecideDoNothing() throws {
        let graph = try declared()
        let doing: Set = [
            "HTTP", "Kubernetes", "ChartSources", "ClusterState", "HelmReleases", "Applying",
        ]
        for name in ["Capture", "Planning", "Preflight", "Meshes", "Istio", "Objects", "Waypoints"] {
            #expect(graph[name]?.isDisjoint(with: doing) == true, "\(name)")
        }
    }

    @Test func commandsHaveNoWayAroundOperations() throws {
        let imports = Set(
            try Repository.sources("Sources/Commands").values.flatMap {
                try $0.matches(#"^(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)"#).map { $0[1] }
            })
        let known: Set = [
            "Arguments", "Istio", "Meshes", "Objects", "Operations", "Planning", "Terminal", "Values",
        ]
        #expect(known.count <= 8)
        #expect(imports.subtracting(["Glibc"]).subtracting(known) == [])
        #expect(imports.isSuperset(of: known))
    }
}

/// Who sends what changes a cluster.
@Suite struct WritingTests {
    /// A call that is made where its type is known: `.delete(path)` or `APIRequest.delete(path)`.
    private let writing =
        #"(?:\bAPIRequest|(?<![\w)\]]))\.(?:apply|create|repeatedCreate|update|mergePatch|jsonPatch|delete)\("#

    @Test func onlyApplyingWrites() throws {
        // Dry runs and questions about permissions change nothing.
        let asking: Set = [
            "Sources/ClusterState/Predictions.swift", "Sources/ClusterState/LabelChanges.swift",
            "Sources/ClusterState/MissingPermissions.swift", "Sources/ClusterState/AccessReview.swift",
        ]
        var writers: Set<String> = []
        for folder in ["ClusterState", "HelmReleases", "Preflight", "Planning", "Operations", "Commands", "Applying"] {
            for (path, text) in try Repository.sources("Sources/\(folder)") where try !text.matches(writing).isEmpty {
                writers.insert(path)
            }
        }
        let others = writers.subtracting(asking).filter { !$0.hasPrefix("Sources/Applying/") }
        #expect(others == [])
        #expect(writers.count >= 6)
        for path in asking {
            for match in try Repository.text(path).matches(#"\.(?:apply|create|update|mergePatch|delete)\("#) {
                let isDry = try Repository.text(path).contains("dryRun") || Repository.text(path).contains("isDryRun")
                #expect(isDry, "\(path): \(match[0])")
            }
        }
    }
}

/// Files of Commands that need each other.
@Suite struct CircleTests {
    @Test func noCircleOfFilesIsLargerThanThree() throws {
        let files = try Repository.sources("Sources/Commands")
        var owners: [String: String] = [:]
        for (path, text) in files {
            let pattern = #"^(?:package |private |fileprivate )?(?:final )?(?:struct|enum|class|protocol) (\w+)"#
            for match in try text.matches(pattern) where !match[0].contains("private") { owners[match[1]] = path }
        }
        var uses: [String: Set<String>] = [:]
        for (path, text) in files {
            let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(
                separator: "\n")
            let words = Set(try code.matches(#"\b[A-Z]\w+"#).map { $0[0] })
            uses[path] = Set(words.compactMap { owners[$0] }).subtracting([path])
        }
        func reached(from start: String) -> Set<String> {
            var found: Set<String> = []
            var rest = Array(uses[start] ?? [])
            while let next = rest.popLast() {
                if found.insert(next).inserted { rest += uses[next] ?? [] }
            }
            return found
        }
        let reach = Dictionary(uniqueKeysWithValues: files.keys.map { ($0, reached(from: $0)) })
        for path in files.keys {
            let circle = (reach[path] ?? []).filter { reach[$0]?.contains(path) == true }
            #expect(circle.count <= 3, "\(path): \(circle.sorted())")
        }
    }
}
