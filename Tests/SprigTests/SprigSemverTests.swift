import GoTemplate
import Sprig
import Testing
import Values

@Suite struct SprigSemverTests {
    @Test(arguments: [
        ("^1.2.3", "1.9.0", "true"),
        ("^0.2.3", "0.3.0", "false"),
        ("^0.0.3", "0.0.4", "false"),
        ("^0", "0.9.0", "true"),
        ("~1.2.3", "1.2.9", "true"),
        ("~1.2", "1.3.0", "false"),
        ("~1", "1.9.0", "true"),
        (">1.2", "1.2.9", "false"),
        (">1", "2.0.0", "true"),
        ("<=1.2", "1.2.9", "true"),
        ("!=1.2.x", "1.3.0", "true"),
        ("1.2 - 1.4.5", "1.4.5", "true"),
        ("1.2 - 1.4.5", "1.5.0", "false"),
        (">=1.0, <2 || =3.x", "3.4.5", "true"),
        (">=1.2.3", "1.3.0-rc.1", "false"),
        (">=1.2.3-0", "1.3.0-rc.1", "true"),
        ("*", "1.0.0-alpha", "false"),
        (">=1.20-0", "v1.30.3-gke.100", "true"),
        ("", "1.2.3", "improper constraint: \"\""),
        ("1.2.3.4", "1.2.3", "improper constraint: \"1.2.3.4\""),
        ("1|", "1.2.3", "constraint parser error"),
        (">=1", "bad", "invalid semantic version"),
        (">=1", "1.2.3-01", "version segment starts with 0"),
    ])
    func constraintsDecideAsMastermindsDo(constraint: String, version: String, answer: String) throws {
        #expect(try printed("semverCompare", .string(constraint), .string(version)) == answer)
    }

    private func call(_ version: String, _ method: Text, _ arguments: GoValue...) throws -> String {
        guard case .object(let object) = try sprig("semver", .string(version)) else { return "no object" }
        let function = try #require(object.method(method))
        return formatValue(try function.body(arguments)).string
    }

    @Test func versionsHaveGosMethods() throws {
        #expect(try call("v1.2", "String") == "1.2.0")
        #expect(try call("v1.2", "Original") == "v1.2")
        #expect(try call("1.2.3-rc.1+b", "Prerelease") == "rc.1")
        #expect(try call("1.2.3-rc.1+b", "Metadata") == "b")
        #expect(try call("1.2.3-rc.1", "IncPatch") == "1.2.3")
        #expect(try call("1.2.3", "IncMinor") == "1.3.0")
        #expect(try call("1.2.3-alpha", "Compare", sprig("semver", "1.2.3-alpha.1")) == "-1")
    }

    @Test func aVersionReturnedByValueLacksThePointersMethods() throws {
        guard case .object(let object) = try sprig("semver", "v1.2.3") else { return }
        let increment = try #require(object.method("IncMajor"))
        guard case .object(let next) = try increment.body([]) else { return }
        #expect(next.type.description == "semver.Version")
        #expect(next.method("Original") == nil)
        #expect(next.method("Major") != nil)
    }

    @Test(arguments: [
        (
            "99999999999999999999",
            "error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range"
        ),
        ("1.2.3-", "invalid semantic version"),
        ("V1", "invalid semantic version"),
        ("", "invalid semantic version"),
    ])
    func badVersionsAreErrors(version: String, problem: String) throws {
        #expect(try printed("semver", .string(version)) == problem)
    }
}
