import Testing
import Values

@testable import GoRegexp

/// What Go's package unicode (Unicode 15.0.0) answers.
@Suite struct UnicodeTests {
    @Test(arguments: [
        ("\\p{Common}", "A1 b@[", ["1", " ", "@", "["]), ("\\p{Latin}", "aß1α", ["a", "ß"]),
        ("\\p{Greek}", "aα", ["α"]), ("\\P{Cyrillic}", "жx", ["x"]), ("(?i)k", "kK\u{212A}", ["k", "K", "\u{212A}"]),
        ("(?i)ß", "ß\u{1E9E}s", ["ß", "\u{1E9E}"]),
    ])
    func propertiesAndCases(pattern: String, text: String, found: [String]) throws {
        #expect(try Pattern(Text(pattern)).all(in: Text(text)).map(\.string) == found)
    }

    /// Go joins the words of a name before it looks it up, and never finds these.
    @Test(arguments: ["SignWriting", "Old_Italic", "Unknown"])
    func scriptsThatGoDoesNotFind(name: String) {
        #expect(throws: RegexError.self) { try Pattern(Text("\\p{" + name + "}")) }
    }

    @Test func rangesAreInOrderAndApart() throws {
        #expect(Scripts.table.count == 117)
        for (name, _) in Scripts.table {
            let ranges = try #require(Scripts.ranges(name))
            for (earlier, later) in zip(ranges, ranges.dropFirst()) {
                #expect(earlier.upperBound + 1 < later.lowerBound, "\(name)")
            }
        }
    }
}
