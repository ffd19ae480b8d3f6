import Certificates
import Values

extension Subject {
    /// Certificates as Secrets and webhooks hold them: PEM, changed as text and in its DER.
    static let certificate = Subject(
        "certificate",
        seeds: {
            [
                [0x30, 0x03, 0x02, 0x01, 0x01],
                decodeBase64(
                    """
                    MIIBJDCByqADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBlJvb3QgQTAeFw0yNjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAw
                    MDBaMBExDzANBgNVBAMMBlJvb3QgQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDrDjtMV2fkoZLdqCfW6lbVJnACmssme5rqu
                    aHH+q9MX0l/o/t4G0pJmmiKkQaNVrm1Xf7EVmqXgr0AkK5DlEZijEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAw
                    RgIhAOaMyd1x9KssEqMIBfBrfXmVmZ48+uFauQ3zH7Iea5bgAiEAtYMoEXkeDkxPLUu7xxmHHMjymjsN70+jyqn1E+MCCzA=
                    """) ?? [],
            ]
        },
        words: [
            "\u{30}\u{7F}", "\u{17}\u{0D}991231235959Z", "\u{18}\u{0F}99999999999999Z", "-----BEGIN CERTIFICATE-----\n",
            "\n-----END CERTIFICATE-----\n", "==", "\u{06}\u{03}\u{55}\u{04}\u{03}",
        ]
    ) { bytes in
        let pem = "-----BEGIN CERTIFICATE-----\n" + base64(bytes) + "\n-----END CERTIFICATE-----\n"
        let found = certificates(inPEM: Array(pem.utf8)) + certificates(inPEM: bytes)
        for certificate in found + [CertificateDetails(bytes)].compactMap({ $0 }) {
            _ = certificate.daysLeft(at: .min) + certificate.subject.utf8.count
        }
        return true
    }
}
