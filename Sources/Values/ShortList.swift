extension [String] {
    /// The first so many of the texts, and how many more there are: `a, b and 3 more`.
    package func joined(most count: Int, separator: String = ", ") -> String {
        prefix(count).joined(separator: separator) + (self.count > count ? " and \(self.count - count) more" : "")
    }
}
