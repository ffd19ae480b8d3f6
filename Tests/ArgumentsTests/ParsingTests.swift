import Arguments
import Testing
import Values

private func request(_ line: String, _ environment: [String: String] = [:]) throws -> Sample? {
    let words = line.split(separator: " ").map(String.init)
    guard case .run(_, let request) = try parse(words, environment: environment, with: sample, into: Sample()) else {
        return nil
    }
    return request
}

private func message(_ line: String, _ environment: [String: String] = [:]) -> String {
    do {
        _ = try request(line, environment)
        return "no error"
    } catch {
        return "\(error)".split(separator: "\n").first.map(String.init) ?? ""
    }
}

@Test(arguments: [
    "make --output json", "make --output=json", "make -o json", "make -ojson", "make -o=json", "--output json make",
    "-ojson make", "make --output yaml --output json",
])
func aValueIsTakenInEveryForm(line: String) throws {
    #expect(try request(line) == Sample(output: "json"))
}

@Test(arguments: [
    ("make -av", Sample(all: true, verbose: true)),
    ("make -avojson", Sample(all: true, verbose: true, output: "json")),
    ("-a make -v", Sample(all: true, verbose: true)),
    ("make --all=false", Sample()),
    ("make --no-wait", Sample(wait: false)),
    ("make --no-wait --wait", Sample()),
    ("make -f a -fb --file=c --file d", Sample(files: ["a", "b", "c", "d"])),
    ("make -f -", Sample(files: ["-"])),
    ("make --file=--all", Sample(files: ["--all"])),
    ("make --dry-run", Sample(dryRun: "client")),
    ("make --dry-run=server", Sample(dryRun: "server")),
    ("make --count -3", Sample(count: -3)),
    ("copy x", Sample(operands: ["x"])),
    ("copy x --all y", Sample(all: true, operands: ["x", "y"])),
    ("copy -- --all -x", Sample(operands: ["--all", "-x"])),
    ("list all a b c", Sample(operands: ["a", "b", "c"])),
    ("list all", Sample()),
])
func aLineMakesARequest(line: String, expected: Sample) throws {
    #expect(try request(line) == expected)
}

@Test func theEnvironmentStandsInForFlags() throws {
    let environment = ["TOOL_OUTPUT": "json", "TOOL_ALL": "1"]
    #expect(try request("make", environment) == Sample(all: true, output: "json"))
    #expect(try request("make -o yaml --all=false", environment) == Sample(output: "yaml"))
    #expect(try request("make", ["TOOL_OUTPUT": ""]) == Sample())
}

@Test(arguments: [
    ("mak", "unknown command \"mak\" for 'tool'; did you mean make?"),
    ("frobnicate", "unknown command \"frobnicate\" for 'tool'"),
    ("list al", "unknown command \"al\" for 'tool list'; did you mean all?"),
    ("list", "'tool list' needs a command: all"),
    ("make --outptu json", "unknown flag --outptu for 'tool make'; did you mean --output?"),
    ("make --no-wat", "unknown flag --no-wat for 'tool make'; did you mean --no-wait?"),
    ("make -x", "unknown flag -x for 'tool make'"),
    ("make -o jsn", "-o: \"jsn\" is not one of yaml, json; did you mean json?"),
    ("make --count three", "--count: \"three\" is not a number"),
    ("make --all=maybe", "--all: \"maybe\" is not true or false"),
    ("make --output", "--output needs a value: --output FORMAT"),
    ("make --file --all", "--file needs a value, and --all is a flag; write --file=--all if it is meant"),
    ("make extra", "unexpected argument \"extra\"; 'tool make' takes none"),
    ("copy", "FROM is missing; usage: tool copy FROM [TO]"),
    ("copy a b c", "unexpected argument \"c\"; usage: tool copy FROM [TO]"),
    ("copy a -o json", "'tool copy' has no flag -o; it belongs to 'tool make'"),
    ("-o json copy a", "'tool copy' has no flag -o; it belongs to 'tool make'"),
])
func aWrongLineNamesWhatIsNear(line: String, expected: String) {
    #expect(message(line) == expected)
}

@Test func aWrongEnvironmentIsNamed() {
    #expect(
        message("make", ["TOOL_OUTPUT": "jsn"])
            == "environment variable TOOL_OUTPUT: \"jsn\" is not one of yaml, json; did you mean json?")
}

@Test(arguments: [
    "", "--help", "-h", "make --help", "make -ah", "list --help", "copy -h", "make -o json --help", "make -zh",
])
func helpLeavesBeforeTheRequestIsBuilt(line: String) throws {
    #expect(try request(line) == nil)
}

@Test(arguments: [
    ("manifst", "manifest"), ("gen", "generate"), ("GENERATE", "generate"), ("verison", "version"), ("x", nil),
    ("version", "version"), ("", nil),
])
func theNearestNameIsFewEditsAway(name: String, expected: String?) {
    #expect(nearest(to: name, among: ["manifest", "generate", "version", "values"]) == expected)
}
