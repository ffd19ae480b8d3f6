internal import Values

/// Only a load balancer has something to wait for: its address.
func serviceReadiness(_ object: Value) -> Readiness {
    guard object["spec"]?["type"]?.string == "LoadBalancer" else { return .ready }
    let addresses = object[path: "status", "loadBalancer", "ingress"]?.list ?? []
    return addresses.isEmpty ? .progressing("waits for its load balancer's address") : .ready
}
