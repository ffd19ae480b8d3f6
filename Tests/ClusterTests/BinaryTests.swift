import Foundation
import Testing

/// What the release binary promises of itself, read from its ELF headers.
@Suite(.enabled(if: Elf.release != nil, "SAIL_PROGRAM names no release build"))
struct BinaryTests {
    private let elf: Elf

    init() throws { elf = try #require(Elf.release) }

    @Test func noLibraryIsLookedForBesideTheBinary() {
        #expect(elf.dynamic.allSatisfy { $0.tag != Elf.rpath && $0.tag != Elf.runpath })
    }

    @Test func onlyTheLibrariesOfGlibcAreNeeded() {
        let needed = elf.dynamic.filter { $0.tag == Elf.needed }.map { elf.dynamicText($0.value) }
        #expect(
            needed.allSatisfy { ["libc.so.6", "libm.so.6"].contains($0) || $0.hasPrefix("ld-linux-") }, "\(needed)")
    }

    @Test func noSymbolIsNewerThanGlibc2_34() {
        let versions = elf.neededVersions
        #expect(versions.contains("GLIBC_2.34"))
        for version in versions where version.hasPrefix("GLIBC_2.") {
            let minor = version.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 999
            #expect(minor <= 34, "\(version)")
        }
        #expect(!versions.contains { $0.hasPrefix("GLIBCXX") || $0.hasPrefix("GCC_") })
    }

    @Test func allSymbolsAreBoundAtTheStart() {
        let isNow = elf.dynamic.contains { $0.tag == Elf.flags && $0.value & 8 != 0 }
        let isNowToo = elf.dynamic.contains { $0.tag == Elf.flags1 && $0.value & 1 != 0 }
        #expect(isNow || isNowToo)
        #expect(elf.isPositionIndependent)
    }

    @Test func noSegmentIsWritableAndExecutable() throws {
        for segment in elf.segments where segment.type == Elf.load { #expect(segment.flags & 3 != 3) }
        #expect(try #require(elf.segments.first { $0.type == Elf.stack }).flags & 1 == 0)
    }

    @Test func constantsAndTablesAreReadOnly() throws {
        #expect(elf.segments.contains { $0.type == Elf.relro })
        for name in [
            ".rodata", ".data.rel.ro", ".dynamic", ".got", ".got.plt", ".init_array", ".fini_array", ".eh_frame",
        ] {
            guard let section = elf.sections.first(where: { $0.name == name }) else { continue }
            #expect(elf.isReadOnly(section.address, section.size), "\(name)")
        }
        // Text of the program and of the charts, wherever the linker has put it.
        for text in ["Install and upgrade Istio's ambient mode, offline and in one shot", "istio.io/dataplane-mode"] {
            let places = elf.addresses(of: text)
            #expect(!places.isEmpty)
            for place in places { #expect(elf.isReadOnly(place, UInt64(text.utf8.count)), "\(text)") }
        }
        // What is left is variables: a sixth of a megabyte, and zeros.
        let writable = elf.segments.filter { $0.type == Elf.load && $0.flags & 2 != 0 }.map(\.fileSize).reduce(0, +)
        let protected = elf.segments.filter { $0.type == Elf.relro }.map(\.fileSize).reduce(0, +)
        #expect(writable - protected < 1 << 19)
    }

    @Test func ourOwnCIsHardened() throws {
        let object = try #require(
            Elf(Elf.path.deletingLastPathComponent().appending(path: "CCrypto.build/CCrypto.c.o")))
        let names = object.undefinedSymbols
        #expect(names.contains("__stack_chk_fail"), "\(names)")
        #expect(names.contains { $0.hasPrefix("__") && $0.hasSuffix("_chk") }, "\(names)")
    }
}

/// As much of a 64-bit little-endian ELF file as the tests ask for.
private struct Elf: @unchecked Sendable {
    struct Segment {
        var type: UInt32
        var flags: UInt32
        var offset, address, fileSize, size: UInt64
    }

    struct Section {
        var name: String
        var type: UInt32
        var link: UInt32
        var address, offset, size: UInt64
    }

    static let load: UInt32 = 1, stack: UInt32 = 0x6474_E551, relro: UInt32 = 0x6474_E552
    static let needed: UInt64 = 1, rpath: UInt64 = 15, runpath: UInt64 = 29, flags: UInt64 = 30
    static let flags1: UInt64 = 0x6FFF_FFFB

    static let path = Program.path
    /// The binary that is tested, where it is a release build.
    static let release = ProcessInfo.processInfo.environment["SAIL_PROGRAM"] == nil ? nil : Elf(path)

    private let data: Data
    private(set) var segments: [Segment] = []
    private(set) var sections: [Section] = []

    init?(_ file: URL) {
        guard let data = try? Data(contentsOf: file), data.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
            return nil
        }
        self.data = data
        let (programs, headers) = (Int(word(0x20)), Int(word(0x28)))
        for index in 0..<Int(half(0x38)) {
            let at = programs + index * 56
            segments.append(
                Segment(
                    type: UInt32(truncatingIfNeeded: word(at)), flags: UInt32(truncatingIfNeeded: word(at) >> 32),
                    offset: word(at + 8), address: word(at + 16), fileSize: word(at + 32), size: word(at + 40)))
        }
        var names: [Int] = []
        for index in 0..<Int(half(0x3C)) {
            let at = headers + index * 64
            names.append(Int(word(at) & 0xFFFF_FFFF))
            sections.append(
                Section(
                    name: "", type: UInt32(truncatingIfNeeded: word(at) >> 32),
                    link: UInt32(truncatingIfNeeded: word(at + 40)), address: word(at + 16), offset: word(at + 24),
                    size: word(at + 32)))
        }
        let table = Int(half(0x3E))
        for index in sections.indices {
            sections[index].name = text(Int(sections[table].offset) + names[index])
        }
    }

    var isPositionIndependent: Bool { half(0x10) == 3 }

    var dynamic: [(tag: UInt64, value: UInt64)] {
        guard let section = sections.first(where: { $0.type == 6 }) else { return [] }
        return (0..<Int(section.size) / 16).map { index in
            (word(Int(section.offset) + index * 16), word(Int(section.offset) + index * 16 + 8))
        }.prefix { $0.tag != 0 }
    }

    func dynamicText(_ offset: UInt64) -> String {
        sections.first { $0.name == ".dynstr" }.map { text(Int($0.offset + offset)) } ?? ""
    }

    /// `GLIBC_2.34` and the like (.gnu.version_r).
    var neededVersions: Set<String> {
        guard let section = sections.first(where: { $0.type == 0x6FFF_FFFE }) else { return [] }
        var versions: Set<String> = []
        var file = Int(section.offset)
        while true {
            var entry = file + Int(word(file + 8) & 0xFFFF_FFFF)
            for _ in 0..<Int(half(file + 2)) {
                versions.insert(dynamicText(word(entry + 8) & 0xFFFF_FFFF))
                entry += Int(word(entry + 8) >> 32)
            }
            let next = Int(word(file + 8) >> 32)
            if next == 0 { return versions }
            file += next
        }
    }

    /// The names that an object file expects of others.
    var undefinedSymbols: Set<String> {
        guard let section = sections.first(where: { $0.type == 2 }) else { return [] }
        let strings = Int(sections[Int(section.link)].offset)
        return Set(
            (0..<Int(section.size) / 24).compactMap { index in
                let at = Int(section.offset) + index * 24
                return half(at + 6) == 0 ? text(strings + Int(word(at) & 0xFFFF_FFFF)) : nil
            })
    }

    /// Whether no byte there can be written once the program has started.
    func isReadOnly(_ address: UInt64, _ size: UInt64) -> Bool {
        func holds(_ segment: Segment) -> Bool {
            segment.address <= address && address + size <= segment.address + segment.size
        }
        return segments.contains { $0.type == Elf.relro && holds($0) }
            || segments.contains { $0.type == Elf.load && $0.flags & 2 == 0 && holds($0) }
    }

    /// Where a text lies in memory.
    func addresses(of text: String) -> [UInt64] {
        var found: [UInt64] = []
        var start = data.startIndex
        while let range = data.range(of: Data(text.utf8), in: start..<data.endIndex) {
            let offset = UInt64(range.lowerBound)
            let segment = segments.first {
                $0.type == Elf.load && ($0.offset..<$0.offset + $0.fileSize).contains(offset)
            }
            if let segment { found.append(segment.address + offset - segment.offset) }
            start = range.upperBound
        }
        return found
    }

    private func half(_ offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: bytes(offset, 2)) }
    private func word(_ offset: Int) -> UInt64 { bytes(offset, 8) }

    private func bytes(_ offset: Int, _ count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= data.count else { return 0 }
        return data[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func text(_ offset: Int) -> String {
        guard offset < data.count else { return "" }
        return String(decoding: data[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }
}
