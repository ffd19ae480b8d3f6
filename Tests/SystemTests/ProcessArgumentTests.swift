import System
import Testing

@Suite struct ProcessArgumentTests {
    @Test func theWordsAreThoseThatTheProcessWasStartedWith() {
        #expect(readArguments() == CommandLine.arguments)
        #expect(!readArguments().isEmpty)
    }
}
