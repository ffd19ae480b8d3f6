import System
import Testing

@Suite struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-24T08:00:00Z", 1_795_507_200),
        ("2026-11-24T08:00:00.123456789Z", 1_795_507_200), ("2026-11-24T10:00:00+02:00", 1_795_507_200),
        ("2026-11-24T02:30:00.5-05:30", 1_795_507_200), ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("2026-11-24t08:00:00z", 1_795_507_200), ("2016-12-31T23:59:60Z", 1_483_228_800),
    ])
    func aTimeIsRead(text: String, seconds: Int) {
        #expect(RFC3339.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-24", "2026-11-24T08:00:00", "2026-11-24T08:00Z", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T08:60:00Z",
        "2026-11-24T08:00:61Z", "2026-11-24T08:00:00.Z", "2026-11-24T08:00:00+2:00", "2026-11-24T08:00:00+02",
        "2026-11-24T08:00:00Zx", "+026-11-24T08:00:00Z", "-001-11-24T08:00:00Z", "２０２６-11-24T08:00:00Z",
        "2026-11-24T08:00:00+", "2026-11-24T08:00:00+99999999999999999999:00",
    ])
    func otherTextIsNone(text: String) {
        #expect(RFC3339.seconds(text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_795_507_200, "2026-11-24T08:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (Int.min, "0001-01-01T00:00:00Z"), (Int.max, "9999-12-31T23:59:59Z"),
    ])
    func aTimeIsWritten(seconds: Int, text: String) {
        #expect(RFC3339.text(seconds) == text)
        #expect(RFC3339.day(seconds) == String(text.prefix(10)))
        #expect(RFC3339.microTime(seconds) == text.dropLast() + ".000000Z")
    }

    @Test func clocksGoForward() {
        let (start, boot) = (SystemClock.monotonic(), SystemClock.sinceBoot())
        SystemClock.sleep(milliseconds: 5)
        SystemClock.sleep(milliseconds: -5)
        #expect(SystemClock.monotonic() >= start + 4)
        #expect(SystemClock.sinceBoot() >= boot + 4)
        #expect(SystemClock.now() > 1_700_000_000)
    }
}
