import Istio

/// The whole tool; returns the exit code.
package func sail(_ arguments: [String]) -> Int32 {
    Int32(Component.allCases.count - 4)
}
