internal import CZlib

private let gzipWindow: Int32 = 15 + 16
private let streamSize = Int32(MemoryLayout<z_stream>.size)

/// The bytes as one gzip member at the best compression, as Helm packs its releases.
package func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard deflateInit2_(&stream, 9, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize) == Z_OK
    else {
        preconditionFailure("zlib is out of memory")
    }
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
    let written = transfer(&stream, bytes[...], &output) { deflate(&$0, Z_FINISH) }
    return Array(output[..<written.count])
}

/// What the gzip data holds; `nil` where it is damaged, cut short, or holds more than `limit` bytes.
package func gunzip(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, gzipWindow, ZLIB_VERSION, streamSize) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var rest = bytes[...]
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
        let before = stream.total_in
        let (status, count) = transfer(&stream, rest, &buffer) { inflate(&$0, Z_NO_FLUSH) }
        result.append(contentsOf: buffer[..<count])
        guard result.count <= limit else { return nil }
        if status == Z_STREAM_END { return result }
        guard status == Z_OK, count > 0 || stream.total_in > before else { return nil }
        rest = rest.dropFirst(Int(stream.total_in - before))
    }
}

/// Lets zlib work from `input` into `output`; answers its status and how many bytes it wrote.
private func transfer(
    _ stream: inout z_stream, _ input: ArraySlice<UInt8>, _ output: inout [UInt8], _ work: (inout z_stream) -> Int32
) -> (status: Int32, count: Int) {
    input.withUnsafeBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.avail_in = UInt32(clamping: source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            let status = work(&stream)
            return (status, target.count - Int(stream.avail_out))
        }
    }
}
