import Values

/// Kubernetes' protobuf, as kubectl's commands that make an object send it: only the messages of those objects.
enum Protobuf {
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0]
    private static let objects: [String: String] = [
        "SelfSubjectAccessReview": "1=metadata:Meta 2=spec:ReviewSpec",
        "Namespace": "1=metadata:Meta", "ServiceAccount": "1=metadata:Meta",
        "ClusterRoleBinding": "1=metadata:Meta 2=subjects[]:Subject 3=roleRef:RoleRef",
        "RoleBinding": "1=metadata:Meta 2=subjects[]:Subject 3=roleRef:RoleRef",
        "ClusterRole": "1=metadata:Meta 2=rules[]:Rule", "Role": "1=metadata:Meta 2=rules[]:Rule",
        "ConfigMap": "1=metadata:Meta 2=data{}s 3=binaryData{}y", "Secret": "1=metadata:Meta 2=data{}y 3=type",
        "Deployment": "1=metadata:Meta 2=spec:DeploymentSpec",
        "DeleteOptions": "1=gracePeriodSeconds# 2=preconditions:Preconditions 4=propagationPolicy 5=dryRun[]",
    ]
    private static let parts: [String: String] = [
        "Meta":
            "1=name 2=generateName 3=namespace 5=uid 6=resourceVersion 14=finalizers[] 11=labels{}s 12=annotations{}s",
        "Preconditions": "1=uid 2=resourceVersion",
        "ReviewSpec": "1=resourceAttributes:Attributes 2=nonResourceAttributes:Path",
        "Attributes": "1=namespace 2=verb 3=group 4=version 5=resource 6=subresource 7=name", "Path": "1=path 2=verb",
        "Subject": "1=kind 2=apiGroup 3=name 4=namespace", "RoleRef": "1=apiGroup 2=kind 3=name",
        "Rule": "1=verbs[] 2=apiGroups[] 3=resources[] 4=resourceNames[] 5=nonResourceURLs[]",
        "DeploymentSpec": "1=replicas# 2=selector:Selector 3=template:Template", "Selector": "1=matchLabels{}s",
        "Template": "1=metadata:Meta 2=spec:PodSpec", "PodSpec": "2=containers[]:Container",
        "Container": "1=name 2=image 3=command[] 4=args[] 6=ports[]:Port", "Port": "3=containerPort# 4=protocol",
    ]

    /// The object in a body, `nil` where it is no protobuf or of a kind that is not known here.
    static func object(_ body: [UInt8]) -> Value? {
        guard body.starts(with: magic), let envelope = fields(body[magic.count...]) else { return nil }
        guard let type = envelope.first(where: { $0.number == 1 }).flatMap({ fields($0.bytes) }),
            let raw = envelope.first(where: { $0.number == 2 })
        else { return nil }
        func text(_ number: Int) -> String {
            String(decoding: type.first { $0.number == number }?.bytes ?? [], as: UTF8.self)
        }
        guard let layout = objects[text(2)], var map = message(raw.bytes, layout) else { return nil }
        map["apiVersion"] = .string(text(1))
        map["kind"] = .string(text(2))
        return .map(map)
    }

    static func isProtobuf(_ body: [UInt8]) -> Bool { body.starts(with: magic) }

    /// A message as a map; `layout` names its fields: `2=name`, `[]` for several, `{}s` and `{}y` for maps of strings and
    /// bytes, `#` for a number, `:Type` for a message.
    private static func message(_ bytes: ArraySlice<UInt8>, _ layout: String) -> Mapping? {
        guard let found = fields(bytes) else { return nil }
        var map = Mapping()
        for word in layout.split(separator: " ") {
            guard let equals = word.firstIndex(of: "="), let number = Int(word[..<equals]) else { continue }
            let name = String(word[word.index(after: equals)...].prefix { $0.isLetter })
            let form = word[word.index(after: equals)...].dropFirst(name.count)
            let values = found.filter { $0.number == number }
            guard !values.isEmpty else { continue }
            let items = values.map { value($0, form) }
            if form.hasPrefix("[]") {
                map[name] = .list(items)
            } else if form.hasPrefix("{}") {
                map[name] = .map(Mapping(items.compactMap { $0.map?.sorted }.joined()))
            } else if items.first != .string("") {
                map[name] = items.first
            }
        }
        return map
    }

    private static func value(_ field: (number: Int, int: Int, bytes: ArraySlice<UInt8>), _ form: Substring) -> Value {
        if form.hasPrefix("#") { return .int(field.int) }
        if form.hasPrefix("{}") {
            let entry = fields(field.bytes) ?? []
            let content = Array(entry.first { $0.number == 2 }?.bytes ?? [])
            let key = String(decoding: entry.first { $0.number == 1 }?.bytes ?? [], as: UTF8.self)
            let text = form.hasSuffix("y") ? base64(content) : String(decoding: content, as: UTF8.self)
            return .map([key: .string(text)])
        }
        if let colon = form.firstIndex(of: ":") {
            let layout = parts[String(form[form.index(after: colon)...])] ?? ""
            return .map(message(field.bytes, layout) ?? Mapping())
        }
        return .string(String(decoding: field.bytes, as: UTF8.self))
    }

    /// The fields of a message in order; `nil` where it is broken.
    private static func fields(
        _ bytes: ArraySlice<UInt8>
    ) -> [(number: Int, int: Int, bytes: ArraySlice<UInt8>)]? {
        var found: [(number: Int, int: Int, bytes: ArraySlice<UInt8>)] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let tag = varint(&rest), let number = Int(exactly: tag >> 3) else { return nil }
            switch tag & 7 {
            case 0:
                guard let int = varint(&rest) else { return nil }
                found.append((number, Int(truncatingIfNeeded: int), []))
            case 2:
                guard let count = varint(&rest).flatMap({ Int(exactly: $0) }), count <= rest.count else { return nil }
                found.append((number, 0, rest.prefix(count)))
                rest = rest.dropFirst(count)
            case 1, 5:
                let count = tag & 7 == 1 ? 8 : 4
                guard count <= rest.count else { return nil }
                rest = rest.dropFirst(count)
            default: return nil
            }
        }
        return found
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        return nil
    }
}
