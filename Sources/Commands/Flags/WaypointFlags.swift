import Waypoints

/// What the flags of `sail waypoint` say.
struct WaypointFlags: Sendable {
    var name = ""
    var namespace: String?
    var isEverywhere = false
    var traffic: Waypoint.Traffic?
    var revision: String?
}
