internal import Meshes

extension OperationOptions {
    /// The options without the defaults of the user's config file in whose place there are stored settings.
    ///
    /// The order is: flag, environment, stored settings, config file.
    func yielding(to stored: Remembered) -> OperationOptions {
        var options = self
        func yields(_ name: String) -> Bool { configured.contains(name) }
        if yields("profile"), stored.profile != nil { options.profile = nil }
        if yields("platform"), stored.platform != nil { options.platform = nil }
        if yields("charts"), !stored.sources.charts.isEmpty { options.charts = [] }
        if yields("catalogue"), stored.sources.catalogue != nil {
            (options.catalogueSource, options.givenCatalogue) = (nil, nil)
        }
        return options
    }
}
