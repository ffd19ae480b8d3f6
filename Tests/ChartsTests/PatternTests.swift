import Testing
import Values

@testable import Charts

@Suite struct PatternTests {
    @Test(arguments: [
        ("*", "a.txt", true), ("*", "d/a.txt", false), ("**", "d/a.txt", true), ("*.txt", "a.txt", true),
        ("d/*", "d/a", true), ("d/**", "d/e/f", true), ("**/f", "d/e/f", true), ("?", "é", true), ("?", "/", false),
        ("[ab].txt", "b.txt", true), ("[!ab].txt", "c.txt", true), ("[a-c]x", "bx", true), ("[!a]x", "/x", true),
        ("{a,b}.txt", "b.txt", true), ("{a,b*}.txt", "bcd.txt", true), ("{a,{b,c}}", "c", true), ("\\*", "*", true),
        ("", "", true), ("a", "ab", false),
    ])
    func globs(pattern: String, path: String, matches: Bool) {
        #expect(Glob(Text(pattern))?.matches(Text(path)) == matches)
    }

    @Test(arguments: ["[a", "[]", "[c-a]", "[a-b-c]", "[!]"])
    func globsThatCannotBeRead(pattern: String) {
        #expect(Glob(Text(pattern)) == nil)
    }

    @Test func manyStarsTakeNoLongTime() throws {
        let pattern = String(repeating: "*a", count: 60) + "b"
        let path = Text(String(repeating: "a", count: 3000))
        #expect(try #require(Glob(Text(pattern))).matches(path) == false)
        #expect(try ShellPattern(pattern).matches(path.string) == false)
    }

    @Test(arguments: [
        ("*", "abc", true), ("*", "a/b", false), ("a*c", "abbc", true), ("a/*/c", "a/b/c", true), ("[a-c]", "b", true),
        ("[^a-c]", "b", false), ("[^a]", "/", true), ("\\*", "*", true), ("a?c", "aéc", true), ("*.txt", ".txt", true),
        ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-b-c-", false), ("templates/.?*", "templates/.x", true),
    ])
    func shellPatterns(pattern: String, name: String, matches: Bool) throws {
        #expect(try ShellPattern(pattern).matches(name) == matches)
    }

    @Test(arguments: ["[", "[a", "[]a]", "a\\", "[a-]", "[-a]"])
    func shellPatternsThatCannotBeRead(pattern: String) {
        #expect(throws: ShellPattern.SyntaxError.self) { try ShellPattern(pattern) }
    }

    private static let names = [".helmignore", "a.txt", "b.txt", "d/a.txt", "d/e/a.txt", "templates/x.yaml"]

    @Test(arguments: [
        ("*.txt", [".helmignore", "templates/x.yaml"]),
        ("/a.txt", [".helmignore", "b.txt", "d/a.txt", "d/e/a.txt", "templates/x.yaml"]),
        ("d/", [".helmignore", "a.txt", "b.txt", "templates/x.yaml"]),
        ("d/*.txt", [".helmignore", "a.txt", "b.txt", "d/e/a.txt", "templates/x.yaml"]),
        ("# *.txt\n\n  e  \n", [".helmignore", "a.txt", "b.txt", "d/a.txt", "templates/x.yaml"]),
        ("!*.txt\n", ["a.txt", "b.txt"]),
    ])
    func ignoreRules(rules: String, left: [String]) throws {
        let files = PatternTests.names.map { ChartFile(name: $0, data: $0 == ".helmignore" ? Text(rules) : "") }
        #expect(try ChartFolder.files(in: files + [ChartFile(name: "templates/.y", data: "")]).map(\.name) == left)
    }

    @Test(arguments: [("a/**", "double-star (**) syntax is not supported"), ("[", "syntax error in pattern")])
    func ignoreRulesThatAreRefused(rule: String, message: String) {
        let error = #expect(throws: ChartError.self) { try IgnoreRules(Text(rule)) }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        ("a//b/./c/..", "a/b"), ("../a", "../a"), ("/../a", "/a"), ("", "."), ("a/..", "."), ("/", "/"),
    ])
    func cleanPaths(path: String, clean: String) {
        #expect(SlashPath.clean(path) == clean)
    }
}
