import Testing

@testable import Commands

@Test(arguments: [
    ("0", 0), ("90", 90_000), ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000), ("8760h", 31_536_000_000),
    ("31536000", 31_536_000_000), ("000001s", 1000),
])
func aTimeIsRead(text: String, milliseconds expected: Int) throws {
    #expect(try milliseconds(text) == expected)
}

@Test(arguments: [
    "9223372036854775", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-1", "8761h",
    "8760h1s", "31536001", "99999999999999999999h", "2562047788015h", "", "s", "m5", "5x", "1.5h", "٣s", "5m3",
])
func aTimeThatCannotBeIsRefused(text: String) {
    for line in ["--timeout", "--request-timeout"] {
        let answer = run(["status", "\(line)=\(text)"])
        #expect(answer.code == 2, "\(line) \(text)")
        #expect(answer.messages.contains("is not a time such as 90s, 5m or 1h30m, at most 8760h"))
    }
}

@Test(arguments: [
    ["rollback", "9223372036854775808"], ["rollback", "--", "-1"], ["rollback", "0"],
    ["get", "values", "--revision", "9223372036854775808"], ["install", "--history-max", "-1"],
    ["install", "--history-max", "99999999999999999999"],
    ["install", "--ztunnel-rollout", "batch=9223372036854775808"],
    ["install", "--ztunnel-rollout", "batch=-1"], ["install", "--ztunnel-pause", "9223372036854775807"],
])
func aNumberOutOfRangeIsRefused(words: [String]) {
    let answer = run(words)
    #expect(answer.code == 2, "\(words)")
    #expect(answer.messages.contains(" is not "))
}

@Test(arguments: ["0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "x"])
func theWidthOfTheWindowMayBeAnyNumber(columns: String) {
    #expect(run(["versions"], environment: ["COLUMNS": columns]).code == 0)
}
