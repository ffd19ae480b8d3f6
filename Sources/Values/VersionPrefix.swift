/// How a version is written: releases with a `v` (`v1.30.3`), charts and images without one (`1.30.3`). The one place where
/// it is added or dropped.
extension String {
    /// `v1.30.3` for `1.30.3` and for `v1.30.3`.
    package var withVersionPrefix: String { hasVersionPrefix ? self : "v" + self }

    /// `1.30.3` for `v1.30.3`; text without the prefix stays.
    package var withoutVersionPrefix: String {
        hasVersionPrefix ? String(decoding: utf8.dropFirst(), as: UTF8.self) : self
    }

    /// Whether it is written as releases are.
    package var hasVersionPrefix: Bool { utf8.first == UInt8(ascii: "v") }
}
