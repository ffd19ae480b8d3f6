import Values

extension Composer {
    private static let longPrefix = Array("tag:yaml.org,2002:".utf8)

    mutating func scalarNode(_ event: Event) -> Node {
        let text = event.text
        var node = Node(value: .null, mark: event.start)
        node.isMerge =
            text.count == 2 && text[0] == UInt8(ascii: "<") && text[1] == UInt8(ascii: "<")
            && (event.isImplicit || event.tag.elementsEqual(Composer.longPrefix + Array("merge".utf8)))
        let scalar: Scalar
        if event.tag.isEmpty {
            scalar = event.isImplicit ? Scalar(text) : .string
        } else {
            scalar = resolve(event.tag, text, &node)
        }
        node.scalar = scalar
        if node.value.isNull { node.value = value(scalar, text) }
        if printsGoSyntax { node.goText = GoSyntax.text(scalar, node.value) }
        return node
    }

    private mutating func value(_ scalar: Scalar, _ text: UnsafeBufferPointer<UInt8>) -> Value {
        switch scalar {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value):
            if case .native = options.numbers { return .int(value) }
            return .double(Double(value))
        case .uint(let value): return options.keepsLargeIntegers ? .string(String(value)) : .double(Double(value))
        case .double(let value):
            if !value.isFinite { hasNonFinite = true }
            return .double(value)
        case .timestamp, .string: return .string(String(decoding: text, as: UTF8.self))
        }
    }

    /// The meaning of a scalar with a tag. A tag that go-yaml does not know makes a string of it.
    private mutating func resolve(
        _ tag: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ node: inout Node
    ) -> Scalar {
        guard tag.starts(with: Composer.longPrefix) else { return .string }
        let name = String(decoding: tag[Composer.longPrefix.count...], as: UTF8.self)
        if name == "binary" {
            node.value = binary(text)
            return .string
        }
        guard ["bool", "int", "float", "null", "timestamp"].contains(name) else { return .string }
        let scalar = Scalar(text, takesTimestamps: name == "timestamp")
        if scalar.tag == "!!\(name)" { return scalar }
        if name == "float", case .int(let value) = scalar { return .double(Double(value)) }
        note(.value("cannot decode \(scalar.tag) `\(String(decoding: text, as: UTF8.self))` as a !!\(name)"))
        return .null
    }

    private mutating func binary(_ text: UnsafeBufferPointer<UInt8>) -> Value {
        guard let bytes = decodeBase64(String(decoding: text, as: UTF8.self)) else {
            note(.value("!!binary value contains invalid base64 data"))
            return .string("")
        }
        return .string(Text(bytes).string)
    }
}
