import Testing
import Values

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func sha256HasTheStandardsAnswers(text: String, digest: String) {
        #expect(sha256(Array(text.utf8)) == digest)
    }

    @Test(arguments: ["", "a", "ab", "abc", "abcd", "\u{0}\u{1}é"])
    func base64ReadsWhatItWrites(text: String) {
        #expect(decodeBase64(base64(Array(text.utf8))) == Array(text.utf8))
    }

    @Test(arguments: ["a", "ab=", "a===", "ab=c", "====", "=", "abc=d", "ab c", "abcd=", "abcd=="])
    func base64RefusesWhatIsNone(text: String) {
        #expect(decodeBase64(text) == nil)
    }
}
