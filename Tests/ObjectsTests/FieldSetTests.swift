import Objects
import Testing
import Values

@Suite struct FieldSetTests {
    private func set(_ json: String) throws -> FieldSet {
        FieldSet(fieldsV1: try Value(json: json, numbers: .native))
    }

    @Test(arguments: [
        // What Helm alone owns goes.
        (#"{"f:a":{},"f:b":{}}"#, #"{"f:a":{}}"#, #"{"f:b":{}}"#),
        // A map of which sail owns an entry stays, though Helm made the map.
        (#"{"f:m":{".":{},"f:x":{}}}"#, #"{"f:m":{"f:x":{}}}"#, "{}"),
        (#"{"f:m":{".":{},"f:x":{},"f:y":{}}}"#, #"{"f:m":{"f:x":{}}}"#, #"{"f:m":{"f:y":{}}}"#),
        // An item of a list likewise.
        (
            #"{"f:l":{"k:{\"name\":\"c\"}":{".":{},"f:image":{}}}}"#,
            #"{"f:l":{"k:{\"name\":\"c\"}":{".":{},"f:name":{}}}}"#,
            #"{"f:l":{"k:{\"name\":\"c\"}":{"f:image":{}}}}"#
        ),
    ])
    func subtractingLeavesWhatTheOtherHasNoPartOf(all: String, other: String, rest: String) throws {
        #expect(try set(all).subtracting(try set(other)).fieldsV1 == Value(json: rest, numbers: .native))
    }

    @Test(arguments: [
        (#"{"f:a":{}}"#, #"{"b":2}"#),
        (#"{"f:m":{"f:x":{}}}"#, #"{"a":1,"b":2,"m":{"y":2},"l":[{"name":"c","image":"i"},{"name":"d"}]}"#),
        (#"{"f:l":{"k:{\"name\":\"c\"}":{".":{},"f:image":{}}}}"#, #"{"l":[{"name":"d"}]}"#),
        (#"{"f:l":{"k:{\"name\":\"c\"}":{"f:image":{}}}}"#, #"{"l":[{"name":"c"},{"name":"d"}]}"#),
    ])
    func removingTakesJustTheMembers(fields: String, expected: String) throws {
        let object = try Value(
            json: #"{"a":1,"b":2,"m":{"x":1,"y":2},"l":[{"name":"c","image":"i"},{"name":"d"}]}"#, numbers: .native)
        let wanted = try Value(json: expected, numbers: .native)
        let result = try set(fields).removed(from: object)
        for (key, value) in wanted.map ?? Mapping() { #expect(result[key] == value) }
        if wanted["a"] == nil, fields.contains("f:a") { #expect(result["a"] == nil) }
    }
}
