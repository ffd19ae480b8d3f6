import Testing

@testable import Commands

/// Durations are Go's, which users of kubectl and Helm write.
@Suite struct DurationTests {
    @Test(arguments: [
        ("0", 0), ("0s", 0), ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000), ("1h2m3s", 3_723_000),
        ("500ms", 500), ("1.5m", 90_000), ("0.25h", 900_000), (".5s", 500), ("1.s", 1000), ("1500us", 2), ("1µs", 1),
        ("1ns", 1), ("000001s", 1000), ("8760h", 31_536_000_000), ("31536000s", 31_536_000_000),
        ("0.000000000000000000001s", 0),
    ])
    func aDurationIsRead(text: String, expected: Int) throws {
        #expect(try milliseconds(text) == expected)
    }

    @Test(arguments: ["--timeout", "--request-timeout"], ["90", "300", "1.5", "31536001"])
    func aNumberWithoutItsUnitIsRefused(flag: String, text: String) {
        let answer = run(["install", "\(flag)=\(text)"])
        #expect(answer.code == 2)
        #expect(
            answer.messages.hasPrefix(
                "error: \(flag): \"\(text)\" is not a duration: its unit is missing; write \(text)s for seconds or "
                    + "\(text)m for minutes\n"))
    }

    @Test(arguments: [
        "", "s", "m5", "5x", "٣s", "5m3", "-5m", "+5m", "1.2.3s", ".s", "1e3s", "1 s", "１s", "5M", "nan",
        "9223372036854775808", "-1",
    ])
    func whatIsNoDurationIsRefused(text: String) {
        let answer = run(["install", "--timeout=\(text)"])
        #expect(answer.code == 2, "\(text)")
        #expect(answer.messages.contains("is not a duration"), "\(text)")
    }

    @Test(arguments: [
        "8761h", "8760h1s", "8760h0.001s", "99999999999999999999h", "2562047788015h", "9223372036854775807s",
        "8760h8760h8760h", "9223372036854775807ns9223372036854775807ns",
    ])
    func moreThanAYearIsRefused(text: String) {
        let answer = run(["install", "--timeout=\(text)"])
        #expect(answer.code == 2, "\(text)")
        #expect(answer.messages.contains("is not a duration of at most 8760h"), "\(text)")
    }

    @Test func zeroIsRefusedWithTheReason() {
        #expect(
            run(["install", "--timeout", "0s"]).messages.hasPrefix(
                "error: --timeout: \"0s\" is not a usable limit: the run would be over before it begins; --no-wait is "
                    + "the way not to wait\n"))
        #expect(
            run(["status", "--request-timeout=0"]).messages.contains("is not a usable limit: a request that never"))
    }

    /// No pause between two batches is what there is by default.
    @Test func aPauseMayBeNone() throws {
        #expect(try milliseconds("0s") == 0)
        let answer = run(["install", "--ztunnel-rollout", "batch=1", "--ztunnel-pause", "0", "--dry-run=client"])
        #expect(answer.code == 0)
    }
}
