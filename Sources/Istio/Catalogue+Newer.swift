extension Catalogue {
    /// The newer versions that one upgrade can go to: the newest patch of the same minor, and that of the next.
    package func newer(than version: String) -> [Release] {
        guard let live = IstioVersion(version) else { return [] }
        return minors.reversed().compactMap { minor in
            guard let newest = minor.newest, let number = newest.number, let ahead = number.minors(aheadOf: live),
                ahead == 0 || ahead == 1, number > live
            else { return nil }
            return newest
        }
    }
}
