internal import Glibc

/// A number that the handler of a signal writes and the program reads.
///
/// It is reached through a pointer: Swift watches the accesses to its own variables, and ends the program where a signal
/// comes in the midst of one and its handler makes another. Make it before the handler is installed.
package struct SignalCount: @unchecked Sendable {
    private let place: UnsafeMutablePointer<sig_atomic_t>

    package init(_ number: Int32 = 0) {
        place = .allocate(capacity: 1)
        place.initialize(to: number)
    }

    package var number: Int32 {
        get { place.pointee }
        nonmutating set { place.pointee = newValue }
    }
}
