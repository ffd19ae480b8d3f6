package import Kubernetes
internal import Objects
internal import Values

/// What the API server says of somebody who asks this process for something.
package enum AccessVerdict: Sendable, Equatable {
    case allowed
    /// The server does not know the token.
    case unknown
    /// The user of the token may not do it.
    case forbidden
}

extension Cluster {
    /// Whether the user of a token may read a path that belongs to no resource: by a TokenReview and a
    /// SubjectAccessReview, which the server answers and does not keep (as a dryRun would).
    package func mayRead(_ path: String, token: String) throws(APIError) -> AccessVerdict {
        let question: Value = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(token)],
        ]
        let status = try client.send(.repeatedCreate("/apis/authentication.k8s.io/v1/tokenreviews", question))["status"]
        guard status?["authenticated"]?.bool == true, let user = status?["user"] else { return .unknown }
        var spec: Mapping = [
            "user": user["username"] ?? .null, "nonResourceAttributes": ["path": .string(path), "verb": "get"],
        ]
        for key in ["groups", "uid", "extra"] { if let value = user[key], !value.isNull { spec[key] = value } }
        let review: Value = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": .map(spec),
        ]
        let answer = try client.send(.repeatedCreate("/apis/authorization.k8s.io/v1/subjectaccessreviews", review))
        return answer["status"]?["allowed"]?.bool == true ? .allowed : .forbidden
    }
}
