import GoTemplate
package import Values

/// Checks of texts by the rules that Sprig's functions and Go's packages apply, for callers outside of templates.
package enum TextForms {
    /// Whether Masterminds/semver takes the text for a version.
    package static func isVersion(_ text: Text) -> Bool {
        (try? SemanticVersion(parsing: text)) != nil
    }

    /// Whether a version meets a constraint; false where either cannot be read.
    package static func isVersion(_ version: Text, within constraint: Text) -> Bool {
        guard let version = try? SemanticVersion(parsing: version),
            let constraint = try? VersionConstraint(parsing: constraint)
        else { return false }
        return constraint.accepts(version)
    }

    /// The scheme and the host of a URL, or the error of Go's net/url.
    package static func url(_ text: Text) -> Result<(scheme: Text, host: Text, hostname: Text), TextFormError> {
        do throws(URLError) {
            let url = try URL(parsing: text)
            return .success((scheme: url.scheme, host: url.host, hostname: url.hostname))
        } catch {
            return .failure(TextFormError(message: error.message))
        }
    }

    /// The zone of an IP address, mostly empty, or the error of Go's net/netip.
    package static func addressZone(_ text: Text) -> Result<Text, TextFormError> {
        InternetAddress.parse(text).map(\.zone).mapError { TextFormError(message: $0.message) }
    }

    /// The error of Go's time.Parse for the text as a time of that layout; `nil` where it is one.
    package static func timeProblem(_ text: Text, layout: Text) -> Text? {
        do {
            _ = try GoTime.parse(layout, text, in: .utc)
            return nil
        } catch let error as TimeParseError {
            return error.description
        } catch {
            return "cannot parse"
        }
    }
}

/// Go's error for a text of the wrong form.
package struct TextFormError: Error {
    package let message: Text

    package init(message: Text) {
        self.message = message
    }
}
