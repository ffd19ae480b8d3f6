internal import Glibc

/// The bytes of physical memory that this process has; `nil` where the system does not say.
package func residentMemory() -> Int? {
    guard let bytes = try? readWholeFile("/proc/self/statm") else { return nil }
    let fields = bytes.split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
