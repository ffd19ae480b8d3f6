package import Kubernetes
package import Preflight
internal import Values

extension Cluster {
    /// Those of the permissions that the server does not grant. A user who may do everything is asked about once; else
    /// all questions are sent together.
    package func missing(_ permissions: [Permission]) throws(APIError) -> [Permission] {
        if permissions.count > 1, try denied([Permission("*", "*", "*")]).isEmpty { return [] }
        return try denied(permissions)
    }

    private func denied(_ permissions: [Permission]) throws(APIError) -> [Permission] {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let answers = client.send(permissions.map { APIRequest.repeatedCreate(path, $0.review) })
        var missing: [Permission] = []
        for (permission, answer) in zip(permissions, answers) {
            guard let isAllowed = try answer.get()["status"]?["allowed"]?.bool else {
                throw .unexpectedAnswer(request: "POST \(path)", reason: "status.allowed was expected, and is missing")
            }
            if !isAllowed { missing.append(permission) }
        }
        return missing
    }

    /// The name that the server knows the user by; `you` where it does not tell (before Kubernetes 1.28).
    package func userName() -> String { knownUser().map { "user \"\($0)\"" } ?? "you" }

    /// The user's name alone; `nil` where the server does not tell.
    package func knownUser() -> String? {
        let review: Value = ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]
        let answer = try? client.send(.repeatedCreate("/apis/authentication.k8s.io/v1/selfsubjectreviews", review))
        return answer?["status"]?["userInfo"]?["username"]?.string
    }
}
