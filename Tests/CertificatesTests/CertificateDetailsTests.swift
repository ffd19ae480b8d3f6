import Certificates
import Foundation
import Testing

/// Certificates as Secrets hold them.
@Suite struct CertificateDetailsTests {
    private static let plain = """
        -----BEGIN CERTIFICATE-----
        MIIBIzCByqADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBlJvb3QgQTAe
        Fw0yNDAxMDEwMDAwMDBaFw0yNTAxMDEwMDAwMDBaMBExDzANBgNVBAMMBlJvb3Qg
        QTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI4ZLLVr+HppM1ItZkIT8TRnqLKc
        7oO0U3xbv6SaqxKYfD6BHYiUYlFdt45oM8XFQylyVzwyZyYxIV92B9CVBGajEzAR
        MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgentMUGg/9hAD22hS
        Ulf1+A/ytRD1BCZRmXwywHjPovUCIQDIWgYn2D9onkuUWKNV8L/CDlvU1kfzcyJ+
        1LX4NoGOKw==
        -----END CERTIFICATE-----

        """

    @Test func aCertificateTellsWhoseItIsAndUntilWhen() throws {
        let found = certificates(inPEM: Array(CertificateDetailsTests.plain.utf8))
        let certificate = try #require(found.first)
        #expect(found.count == 1)
        #expect(certificate.subject == "Root A")
        #expect(certificate.issuer == "Root A")
        #expect(certificate.notBefore == 1_704_067_200)
        #expect(certificate.notAfter == 1_735_689_600)
        #expect(certificate.daysLeft(at: 1_735_689_600 - 86_400) == 1)
        #expect(certificate.daysLeft(at: 1_735_689_600 + 1) == -1)
        #expect(certificate.daysLeft(at: Int.min) == 0)
    }

    @Test func aTimeAfter2049HasFourDigitsOfTheYear() throws {
        let text = """
            junk before
            -----BEGIN CERTIFICATE-----
            MIIBLjCB1qADAgECAgEHMAoGCCqGSM49BAMCMBYxFDASBgNVBAoMC0V4YW1wbGUg
            T3JnMCAXDTI0MDEwMTAwMDAwMFoYDzIwNTEwMTAxMDAwMDAwWjAWMRQwEgYDVQQK
            DAtFeGFtcGxlIE9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCqTcVBYfXSX
            u1xyZF7M5155P9B6EPArPxcqmDFM3qcxxvppXj+fx2EHaypFxrEQOuzF6GYYhXCH
            GZqZR7wvwk6jEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
            Nl635q0947Wqor6AUwmMgxIg0j4mjmEzJHO/ehColJQCIEnEIaLhT7rUi4qeQJxj
            SjboVjboojubKTlQSkNfCBrD
            -----END CERTIFICATE-----
            -----BEGIN EC PRIVATE KEY-----
            AAAA
            -----END EC PRIVATE KEY-----
            """
        let certificate = try #require(certificates(inPEM: Array(text.utf8)).first)
        #expect(certificate.subject == "Example Org")
        #expect(certificate.notAfter == 2_556_144_000)
    }

    /// Every prefix of a certificate, and every one with a byte changed, is read without a trap.
    @Test func damagedCertificatesAreNone() throws {
        let der = try #require(certificates(inPEM: Array(CertificateDetailsTests.plain.utf8)).first).der
        for count in 0..<der.count { #expect(CertificateDetails(Array(der.prefix(count))) == nil) }
        for index in der.indices {
            for byte: UInt8 in [0, 0x30, 0x7F, 0x80, 0x84, 0xFF] {
                var other = der
                other[index] = byte
                _ = CertificateDetails(other)?.daysLeft(at: 0)
            }
        }
        #expect(CertificateDetails([]) == nil)
        #expect(CertificateDetails([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }

    @Test func moreThanOneAndDamagedBlocksAreToldApart() {
        let broken = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"
        let text =
            broken + CertificateDetailsTests.plain + "-----BEGIN CERTIFICATE-----\n" + CertificateDetailsTests.plain
        #expect(certificates(inPEM: Array(text.utf8)).count == 2)
        #expect(certificates(inPEM: Array(text.replacing("\n", with: "\r\n").utf8)).count == 2)
        #expect(certificates(inPEM: []).isEmpty)
        #expect(certificates(inPEM: [UInt8](repeating: 0xFF, count: 10_000)).isEmpty)
    }
}
