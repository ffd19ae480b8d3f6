import SailResources
import Values

/// What is to be done about a resource.
enum Work: Sendable {
    /// All of a turn.
    case reconcile
    /// Its status alone.
    case status
}

/// The resources that need a turn, each with the time of it. Pure: times come from whoever asks, in milliseconds.
struct WorkQueue: Sendable {
    private struct Item {
        var reconcile: Int?
        var status: Int?
        /// Turns in a row that failed.
        var failures = 0
        /// Looks in a row at a resource that is not healthy.
        var looks = 0
        /// When its last turn began.
        var begun: Int?
    }

    private var items: [ResourceKey: Item] = [:]

    /// Milliseconds until the first repetition, doubled each time.
    static let firstDelay = 5
    static let longestDelay = 1_000_000
    /// Milliseconds after which every resource has a turn although nothing happened.
    static let resync = 10 * 3600 * 1000
    /// Milliseconds until a resource that is not healthy is looked at again, doubled each time.
    static let firstLook = 2000
    static let longestLook = 60_000

    /// Adds work that is due at a time; what is due earlier stays.
    mutating func add(_ key: ResourceKey, _ work: Work, at time: Int) {
        var item = items[key] ?? Item()
        switch work {
        case .reconcile: item.reconcile = item.reconcile.map { min($0, time) } ?? time
        case .status: item.status = item.status.map { min($0, time) } ?? time
        }
        items[key] = item
    }

    /// Adds work that comes with every pod of a rollout: no sooner than so long after the last turn began.
    mutating func add(_ key: ResourceKey, _ work: Work, at time: Int, apart pause: Int) {
        add(key, work, at: max(time, (items[key]?.begun).map { $0 + pause } ?? time))
    }

    /// Takes the next resource whose time has come; the control plane before the node agents.
    mutating func next(now: Int) -> (key: ResourceKey, work: Work)? {
        let ready = items.filter { due($0.value).map { $0 <= now } ?? false }.keys.sorted(by: WorkQueue.precedes)
        guard let key = ready.first, var item = items[key] else { return nil }
        let work: Work = item.reconcile.map { $0 <= now } ?? false ? .reconcile : .status
        (item.status, item.begun) = (nil, now)
        if work == .reconcile { item.reconcile = nil }
        items[key] = item
        return (key, work)
    }

    /// When the next resource is due.
    var nextTime: Int? { items.values.compactMap(due).min() }

    /// How many resources are due.
    func depth(now: Int) -> Int { items.values.count { due($0).map { $0 <= now } ?? false } }

    private func due(_ item: Item) -> Int? { [item.reconcile, item.status].compactMap { $0 }.min() }

    /// A turn failed: the resource has the next one after its back-off. Answers the milliseconds.
    @discardableResult mutating func repeatLater(_ key: ResourceKey, now: Int) -> Int {
        var item = items[key] ?? Item()
        let delay = min(WorkQueue.firstDelay << min(item.failures, 20), WorkQueue.longestDelay)
        item.failures += 1
        item.reconcile = min(item.reconcile ?? Int.max, now + delay)
        items[key] = item
        return delay
    }

    /// A turn reached its end; there is another one when a long time has passed.
    mutating func settle(_ key: ResourceKey, now: Int) {
        var item = items[key] ?? Item()
        item.failures = 0
        if item.reconcile == nil { item.reconcile = now + WorkQueue.resync }
        items[key] = item
    }

    /// Has the status of a resource looked at again where it is not healthy: why may have changed without an event.
    mutating func look(_ key: ResourceKey, isHealthy: Bool, now: Int) {
        var item = items[key] ?? Item()
        item.looks = isHealthy ? 0 : item.looks + 1
        if !isHealthy {
            let delay = min(WorkQueue.firstLook << min(item.looks - 1, 10), WorkQueue.longestLook)
            item.status = min(item.status ?? Int.max, now + delay)
        }
        items[key] = item
    }

    /// There is no such resource any more.
    mutating func forget(_ key: ResourceKey) { items[key] = nil }

    private static func precedes(_ first: ResourceKey, _ second: ResourceKey) -> Bool {
        let order = ResourceKind.all.map(\.name)
        let (one, other) = (order.firstIndex(of: first.kind) ?? 0, order.firstIndex(of: second.kind) ?? 0)
        return one == other ? first.name.precedesByBytes(second.name) : one < other
    }
}
