import GoTemplate
import Sprig
import Testing
import Values

/// Calls a function of Sprig's table as the evaluator does; an error's message starts with "error: ".
private func call(_ name: Text, _ arguments: GoValue...) -> Text {
    guard let function = Sprig.functions.last(where: { $0.name == name }) else { return "no such function" }
    do {
        return formatValue(try function.body(arguments))
    } catch let error as FunctionError {
        return "error: " + error.message
    } catch {
        return "another error"
    }
}

/// Expectations are what real Helm answers.
@Suite struct SprigTests {
    @Test(
        arguments: [
            (.string("010"), "8"), (.string("0x10"), "16"), (.string("1.00"), "1"), (.string("1.9"), "0"),
            (.string("1_000"), "1000"), (.bool(true), "1"), (.float(-2.5), "-2"),
            (.float(1e21), "-9223372036854775808"),
            (.none, "0"), (.list([]), "0"),
        ] as [(GoValue, Text)])
    func anythingBecomesAnInteger(_ value: GoValue, _ expected: Text) {
        #expect(call("int64", value) == expected)
    }

    @Test func arithmeticWrapsAroundAndPanicsAsInGo() {
        #expect(call("add", .int64(.max), .int(1)) == "-9223372036854775808")
        #expect(call("div", .int(1), .int(0)) == "error: runtime error: integer divide by zero")
        #expect(call("addf", .float(0.1), .float(0.2)) == "0.3")
        #expect(call("divf", .int(1), .int(3)) == "0.3333333333333333")
        #expect(call("divf", .int(1), .int(0)) == "error: decimal division by 0")
        #expect(call("round", .float(123.555555), .int(3)) == "123.556")
        #expect(call("round", .float(-2.4), .int(0)) == "-3")
        #expect(call("seq", .int(-3)) == "1 0 -1 -2 -3")
    }

    @Test func listsFailOnOtherTypesAndOnNil() {
        let numbers = GoValue.list([.int(1), .int(2), .int(3)])
        #expect(call("first", .string("abc")) == "error: Cannot find first on type string")
        #expect(
            call("rest", .none) == "error: runtime error: invalid memory address or nil pointer dereference")
        #expect(call("chunk", .int(2), numbers) == "[[1 2] [3]]")
        #expect(call("chunk", .int(0), numbers) == "error: runtime error: makeslice: len out of range")
        #expect(call("slice", numbers, .int(1), .int(4)) == "error: reflect.Value.Slice: slice index out of bounds")
        #expect(call("uniq", .list([.int(1), .float(1), .int(1)])) == "[1 1]")
    }

    @Test func slicesReachIntoTheRoomThatAppendLeaves() throws {
        let append = try #require(Sprig.functions.last { $0.name == "append" })
        let list = try append.body([.list([.int(1), .int(2)]), .int(3)])
        #expect(call("slice", list, .int(0), .int(4)) == "[1 2 3 <nil>]")
    }

    @Test func mergeFillsWhatIsEmpty() {
        let source = GoValue.map(["a": .int(1), "b": .map(["c": .int(2)]), "d": .list([])])
        let destination = GoValue.map(["a": .int(0), "b": .map(["c": .int(9)]), "d": .list([.int(1)])])
        #expect(call("merge", destination, source) == "map[a:1 b:map[c:9] d:[1]]")
        #expect(call("mergeOverwrite", destination, source) == "map[a:1 b:map[c:2] d:[]]")
    }

    @Test func digAssertsTypes() {
        let values = GoValue.map(Map(type: .named("common.Values", underlying: .anyMap)))
        #expect(
            call("dig", .string("a"), .none, values)
                == "error: interface conversion: interface {} is common.Values, not map[string]interface {}")
    }

    @Test(
        arguments: [
            ("2006-01-02 15:04:05 MST", "America/New_York", "2020-09-13 08:26:40 EDT"),
            ("Mon Jan _2 06 3:04pm -07:00", "Asia/Kolkata", "Sun Sep 13 20 5:56pm +05:30"),
            ("__2 002 .000 ,999", "UTC", "257 257 .000 "),
            ("2006", "Nope/Zone", "2020"),
        ] as [(Text, Text, Text)])
    func timesAreFormattedByGoLayouts(_ layout: Text, _ zone: Text, _ expected: Text) {
        #expect(call("dateInZone", .string(layout), .int(1_600_000_000), .string(zone)) == expected)
    }

    @Test func timesAreParsedWithGoErrors() {
        #expect(
            call("mustToDate", .string("2006-01-02"), .string("2020-13-01"))
                == #"error: parsing time "2020-13-01": month out of range"#)
        #expect(
            call("mustToDate", .string("2006-01-02 MST"), .string("2020-05-06 UTC"))
                == "2020-05-06 00:00:00 +0000 UTC")
        #expect(call("durationRound", .string("2400h10m5s")) == "3mo")
    }

    @Test func jsonComesAndGoesAsInGo() {
        #expect(
            call("toJson", .map(["<": .list([.none, .float(1e21), .float(0.000001)])]))
                == #"{"\u003c":[null,1e+21,0.000001]}"#)
        #expect(call("mustToJson", .float(.nan)) == "error: json: unsupported value: NaN")
        #expect(
            call("fromJson", .string("[1]"))
                == "map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]")
    }
}
