import GoTemplate
import Sprig
import Values
import YAML

/// The first document of a YAML text, null where there is none.
///
/// Every number is a float64 as Go reads it into `interface{}`; `keepingIntegers` keeps integers apart, which Go's
/// readers do where the document goes into a struct.
func readDocument(_ text: Text, keepingIntegers: Bool) throws(YAMLError) -> Value {
    try Value(yaml: text.bytes, numbers: keepingIntegers ? .native : .float64)
}

/// The first document of a YAML text for a Go struct: an integer beyond int64 stays the text that a string field gets.
func readRecord(_ text: Text) throws(YAMLError) -> Value {
    let options = ReadingOptions(numbers: .native, keepsLargeIntegers: true)
    var reader = DocumentReader(text.bytes, options: options)
    return try reader.next()?.value ?? .null
}

/// Whether a version meets a constraint; false where either cannot be read.
func isCompatible(_ constraint: String, _ version: String) -> Bool {
    TextForms.isVersion(Text(version), within: Text(constraint))
}
