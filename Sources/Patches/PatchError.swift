/// Why a patch cannot be applied, or is none: what is wrong, without the place.
package struct PatchError: Error, Equatable, CustomStringConvertible, Sendable {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
