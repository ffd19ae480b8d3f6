import Testing

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
