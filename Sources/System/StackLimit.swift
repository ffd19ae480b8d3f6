internal import Glibc

/// Lets the main thread's stack grow to 100 MiB: values may be ten thousand maps deep, and each takes a piece of it.
///
/// Linux looks at the limit when the stack grows, and keeps 128 MiB of addresses free for it.
package func raiseStackLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0 else { return }
    let wanted: rlim_t = 100 << 20
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = min(wanted, limit.rlim_max)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit)
}
