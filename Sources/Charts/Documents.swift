import GoTemplate
import Values
import YAML

/// The first document of a YAML text, null where there is none.
///
/// Every number is a float64 as Go reads it into `interface{}`; `keepingIntegers` keeps integers apart, which Go's
/// readers do where the document goes into a struct.
func readDocument(_ text: Text, keepingIntegers: Bool) throws(YAMLError) -> Value {
    try Value(yaml: text.bytes, numbers: keepingIntegers ? .native : .float64)
}

/// Whether a version meets a constraint; false where either cannot be read.
func isCompatible(_ constraint: String, _ version: String) -> Bool {
    TextForms.isVersion(Text(version), within: Text(constraint))
}

/// The number in the shortest form of Go's `%g`.
func shortestFloat(_ value: Double) -> String {
    formatValue(.float(value)).string
}
