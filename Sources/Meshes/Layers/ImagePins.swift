import Charts
import Istio
import Values

/// The values that run images by the digests which a catalogue gives for them.
///
/// An image that a chart takes as a whole reference: `HUB/pilot:1.30.7-distroless@sha256:…`. The registry is the one
/// that the user's values say; the digest is the same in every mirror. What a user gives as a whole reference stays.
struct ImagePins {
    /// Where a chart's values have an image, and what it is called by default.
    private struct Slot {
        let section: [String]
        let name: String
        /// Whether hub, tag and variant may be beside it, and not under `global` only.
        let hasOwnParts: Bool
    }

    private static let slots: [Component: [Slot]] = [
        .istiod: [
            Slot(section: ["pilot"], name: "pilot", hasOwnParts: true),
            Slot(section: ["global", "proxy"], name: "proxyv2", hasOwnParts: false),
            Slot(section: ["global", "proxy_init"], name: "proxyv2", hasOwnParts: false),
        ],
        .cni: [Slot(section: ["cni"], name: "install-cni", hasOwnParts: true)],
        .ztunnel: [Slot(section: ["ztunnel"], name: "ztunnel", hasOwnParts: true)],
    ]

    private(set) var values = Mapping()

    /// Adds the images of a component; `layers` are all that its chart will get.
    mutating func add(_ component: Component, _ release: Release, _ layers: [Layer]) {
        guard !release.imageDigests.isEmpty else { return }
        let merged = layers.seen(by: component).merged
        for slot in ImagePins.slots[component] ?? [] {
            if let reference = reference(slot, release, merged) {
                values.set(.string(reference), at: slot.section + ["image"])
            }
        }
    }

    private func reference(_ slot: Slot, _ release: Release, _ merged: Mapping) -> String? {
        func text(_ path: [String]) -> String? {
            merged.value(at: path)?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        func part(_ key: String) -> String? {
            // istiod's own keys may be at the root too; the others' only in their section.
            let root = slot.section == ["pilot"] ? text([key]) : nil
            return (slot.hasOwnParts ? text(slot.section + [key]) ?? root : nil) ?? text(["global", key])
        }
        let name = text(slot.section + ["image"]) ?? (slot.section == ["pilot"] ? text(["image"]) : nil) ?? slot.name
        let hub = part("hub") ?? release.hub
        guard !name.contains("/"), !hub.isEmpty else { return nil }
        let tag = (part("tag") ?? release.version.withoutVersionPrefix) + (part("variant").map { "-" + $0 } ?? "")
        guard let digest = release.imageDigests["\(name):\(tag)"] else { return nil }
        return "\(hub)/\(name):\(tag)@\(digest)"
    }
}
