internal import CCurl

extension CurlTransport {
    /// What libcurl's code, and what it knows beside it, mean for the transfer.
    func failure(_ transfer: Transfer, _ handle: UnsafeMutableRawPointer, _ code: CURLcode) -> TransportError {
        let url = transfer.request.url
        if transfer.isWithheld { return .withheld(url: url) }
        let reason = transfer.reason ?? curl.easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        if let failure = proxyFailure(transfer, handle, code, reason) { return failure }
        return switch code {
        case _ where transfer.isTooLarge: .tooLarge(url: url, bytes: transfer.request.limits.bytes)
        case CURLE_ABORTED_BY_CALLBACK: .cancelled(url: url)
        case CURLE_COULDNT_RESOLVE_HOST: .unresolvedHost(url: url)
        case CURLE_COULDNT_CONNECT: .unreachable(url: url, reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION: distrust(transfer.request, reason, handle)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            .untrustedServer(url: url, reason: reason, isByGiven: transfer.request.security.authorities != nil)
        case CURLE_SSL_CERTPROBLEM: .clientCertificate(url: url, reason: reason)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(url: url, reason: reason)
        case CURLE_SSL_CONNECT_ERROR where CurlTransport.isNoTLS(reason): .notTLS(url: url, reason: reason)
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING, CURLE_SSL_CONNECT_ERROR:
            .interrupted(url: url, reason: reason)
        default: .failed(url: url, reason: reason)
        }
    }

    /// A failure between us and the proxy, before the server was reached.
    private func proxyFailure(
        _ transfer: Transfer, _ handle: UnsafeMutableRawPointer, _ code: CURLcode, _ reason: String
    ) -> TransportError? {
        let proxy = transfer.request.proxy ?? ""
        let answer = sail_get_long(&curl, handle, CURLINFO_HTTP_CONNECTCODE)
        let isRefused = answer != 0 && !(200..<300).contains(answer)
        guard
            code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY || isRefused
                || (code == CURLE_COULDNT_CONNECT && !proxy.isEmpty)
        else { return nil }
        return .proxy(url: transfer.request.url, proxy: proxy, reason: reason)
    }

    /// OpenSSL's verdict (X509_V_ERR_…): 9 and 10 are the dates; without a verdict (0 or 1) libcurl itself missed the
    /// name, 62 and 64 are OpenSSL's words for that.
    private func distrust(
        _ request: Request, _ reason: String, _ handle: UnsafeMutableRawPointer
    ) -> TransportError {
        let url = request.url
        return switch sail_get_long(&curl, handle, CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: .wrongName(url: url, reason: reason)
        case 9, 10: .outdatedCertificate(url: url, reason: reason)
        default:
            .untrustedServer(url: url, reason: reason, isByGiven: request.security.authorities != nil)
        }
    }

    /// libcurl has one code for a handshake that broke, which may pass, and for a peer that speaks no TLS, which
    /// will not; only OpenSSL's words tell them apart.
    private static func isNoTLS(_ reason: String) -> Bool {
        ["wrong version number", "packet length too long", "http request", "unexpected TLS packet"]
            .contains { reason.contains($0) }
    }
}
