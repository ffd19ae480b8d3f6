internal import CCurl
internal import Glibc

extension CurlTransport {
    /// Certificates and keys are handed over in memory. libcurl takes authorities so since 7.77 (RHEL 9 has 7.76), and
    /// with GnuTLS nothing at all: then they are files in memory.
    ///
    /// The error where libcurl takes them in neither way: nothing is sent with other authorities than those given.
    func configureSecurity(_ handle: UnsafeMutableRawPointer, _ request: Request) -> TransportError? {
        let security = request.security
        if security.isInsecure {
            set(handle, CURLOPT_SSL_VERIFYPEER, 0)
            set(handle, CURLOPT_SSL_VERIFYHOST, 0)
        }
        let parts: [(bytes: [UInt8]?, inMemory: CURLoption, asFile: CURLoption)] = [
            (security.authorities, CURLOPT_CAINFO_BLOB, CURLOPT_CAINFO),
            (security.clientCertificate, CURLOPT_SSLCERT_BLOB, CURLOPT_SSLCERT),
            (security.clientKey, CURLOPT_SSLKEY_BLOB, CURLOPT_SSLKEY),
        ]
        for part in parts {
            guard let bytes = part.bytes else { continue }
            guard isSet(handle, part.inMemory, bytes) || isSet(handle, part.asFile, memoryFiles.path(of: bytes)) else {
                let versions = curl.version().map { String(cString: $0) } ?? "libcurl"
                // `libcurl/7.88.1 GnuTLS/3.7.9`; what else it was built with does not matter.
                let version = versions.split(separator: " ").prefix(2).joined(separator: " ")
                return .failed(
                    url: request.url,
                    reason:
                        "\(version) does not take the kubeconfig's certificates: there is no /proc/self/fd; mount /proc, "
                        + "or install a newer libcurl with OpenSSL")
            }
        }
        // Or else the system's folder of authorities would be believed as well.
        if security.authorities != nil { _ = sail_set_pointer(&curl, handle, CURLOPT_CAPATH, nil) }
        return nil
    }

    private func isSet(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ bytes: [UInt8]) -> Bool {
        takesTexts
            && bytes.withUnsafeBytes { sail_set_blob(&curl, handle, option, $0.baseAddress, $0.count) } == CURLE_OK
    }

    private func isSet(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ path: String?) -> Bool {
        path.map { sail_set_string(&curl, handle, option, $0) == CURLE_OK } ?? false
    }
}

/// Texts as files that are in memory alone and that no other process gets. A text has one path, by which libcurl knows
/// the connections that it may use again.
///
/// A class, since it owns file descriptors.
final class MemoryFiles {
    private var files: [(bytes: [UInt8], descriptor: Int32)] = []

    deinit {
        for file in files { close(file.descriptor) }
    }

    /// The path of the file with these bytes; `nil` where it cannot be made or read.
    func path(of bytes: [UInt8]) -> String? {
        if let known = files.first(where: { $0.bytes == bytes }) { return MemoryFiles.path(known.descriptor) }
        let descriptor = bytes.withUnsafeBytes { sail_memory_file($0.baseAddress, $0.count) }
        guard descriptor >= 0 else { return nil }
        guard access(MemoryFiles.path(descriptor), R_OK) == 0 else {
            close(descriptor)
            return nil
        }
        files.append((bytes, descriptor))
        return MemoryFiles.path(descriptor)
    }

    private static func path(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }
}
