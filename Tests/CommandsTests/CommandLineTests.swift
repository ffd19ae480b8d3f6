import Commands
import Terminal
import Testing

@Test func anUnknownCommandNamesTheNearestAndExitsWith2() {
    let answer = run(["manfest"])
    #expect(answer.code == 2)
    #expect(answer.output.isEmpty)
    #expect(
        answer.messages == "error: unknown command \"manfest\" for 'sail'; did you mean manifest?\nsee 'sail --help'\n")
}
