import Glibc
import System

/// Gives the pages of code that were run so far back to the page cache: what was needed to load libraries or to render
/// will hardly be needed again, and what is comes back at the next use without a disk access.
func releaseCodePages() {
    guard let maps = try? readWholeFile("/proc/self/maps") else { return }
    for line in maps.split(separator: UInt8(ascii: "\n")) {
        // 5581c0e8a000-5581c0e8c000 r-xp 00002000 08:01 1234    /usr/bin/sail
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count >= 6, fields[1].elementsEqual("r-xp".utf8), fields[5].first == UInt8(ascii: "/") else {
            continue
        }
        let ends = fields[0].split(separator: UInt8(ascii: "-")).map {
            UInt(String(decoding: $0, as: UTF8.self), radix: 16)
        }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { continue }
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
    }
}
