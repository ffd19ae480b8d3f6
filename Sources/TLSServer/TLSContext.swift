internal import Glibc

/// What is used of the system's OpenSSL, opened when the first server starts.
package struct OpenSSL: @unchecked Sendable {
    /// A pointer to one of the library's own objects.
    package typealias Handle = UnsafeMutableRawPointer
    typealias Bytes = UnsafePointer<UInt8>

    let method: @convention(c) () -> Handle?
    let makeContext: @convention(c) (Handle?) -> Handle?
    let useCertificate: @convention(c) (Handle?, Int32, Bytes?) -> Int32
    let useKey: @convention(c) (Int32, Handle?, Bytes?, Int) -> Int32
    package let make: @convention(c) (Handle?) -> Handle?
    package let setFile: @convention(c) (Handle?, Int32) -> Int32
    package let accept: @convention(c) (Handle?) -> Int32
    package let read: @convention(c) (Handle?, Handle?, Int32) -> Int32
    package let write: @convention(c) (Handle?, UnsafeRawPointer?, Int32) -> Int32
    package let pending: @convention(c) (Handle?) -> Int32
    package let shutDown: @convention(c) (Handle?) -> Int32
    package let free: @convention(c) (Handle?) -> Void
    /// Why the last call on a handle did not succeed.
    package let error: @convention(c) (Handle?, Int32) -> Int32

    /// The connection must be read from, or written to, before the call is made again.
    package static let (wantsRead, wantsWrite): (Int32, Int32) = (2, 3)

    /// `nil` where libssl.so.3 is not there.
    static let system = OpenSSL()

    private init?() {
        // A peer that went away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        guard let library = dlopen("libssl.so.3", RTLD_NOW) else { return nil }
        guard let method = dlsym(library, "TLS_server_method"), let makeContext = dlsym(library, "SSL_CTX_new"),
            let useCertificate = dlsym(library, "SSL_CTX_use_certificate_ASN1"),
            let useKey = dlsym(library, "SSL_CTX_use_PrivateKey_ASN1"), let make = dlsym(library, "SSL_new"),
            let setFile = dlsym(library, "SSL_set_fd"), let accept = dlsym(library, "SSL_accept"),
            let read = dlsym(library, "SSL_read"), let write = dlsym(library, "SSL_write"),
            let pending = dlsym(library, "SSL_pending"), let shutDown = dlsym(library, "SSL_shutdown"),
            let free = dlsym(library, "SSL_free"), let error = dlsym(library, "SSL_get_error")
        else { return nil }
        self.method = unsafeBitCast(method, to: (@convention(c) () -> Handle?).self)
        self.makeContext = unsafeBitCast(makeContext, to: (@convention(c) (Handle?) -> Handle?).self)
        self.useCertificate = unsafeBitCast(
            useCertificate, to: (@convention(c) (Handle?, Int32, Bytes?) -> Int32).self)
        self.useKey = unsafeBitCast(useKey, to: (@convention(c) (Int32, Handle?, Bytes?, Int) -> Int32).self)
        self.make = unsafeBitCast(make, to: (@convention(c) (Handle?) -> Handle?).self)
        self.setFile = unsafeBitCast(setFile, to: (@convention(c) (Handle?, Int32) -> Int32).self)
        self.accept = unsafeBitCast(accept, to: (@convention(c) (Handle?) -> Int32).self)
        self.read = unsafeBitCast(read, to: (@convention(c) (Handle?, Handle?, Int32) -> Int32).self)
        self.write = unsafeBitCast(write, to: (@convention(c) (Handle?, UnsafeRawPointer?, Int32) -> Int32).self)
        self.pending = unsafeBitCast(pending, to: (@convention(c) (Handle?) -> Int32).self)
        self.shutDown = unsafeBitCast(shutDown, to: (@convention(c) (Handle?) -> Int32).self)
        self.error = unsafeBitCast(error, to: (@convention(c) (Handle?, Int32) -> Int32).self)
        self.free = unsafeBitCast(free, to: (@convention(c) (Handle?) -> Void).self)
    }
}

/// A server's certificate and key in OpenSSL's hands, shared by all its connections.
package struct TLSContext: @unchecked Sendable {
    package let handle: UnsafeMutableRawPointer
    package let library: OpenSSL

    private static let ellipticKey: Int32 = 408

    /// Throws where OpenSSL is missing or does not take the certificate.
    package init(_ identity: ServerIdentity) throws(TLSServerError) {
        guard let library = OpenSSL.system else { throw .noOpenSSL }
        guard let handle = library.makeContext(library.method()),
            library.useCertificate(handle, Int32(identity.certificate.count), identity.certificate) == 1,
            library.useKey(TLSContext.ellipticKey, handle, identity.key, identity.key.count) == 1
        else { throw .badCertificate }
        self.handle = handle
        self.library = library
    }
}
