/// In which form a result is printed.
package enum Format: String, CaseIterable, Sendable {
    case text, json, yaml
    /// As text, with more columns; of a list only.
    case wide
    /// The names, a line each, as other commands take them; of a list only.
    case name
    /// A plan as the comment on a pull request, and as a page to approve it by; of a plan only.
    case markdown, html

    /// What every command can print.
    package static let common: [Format] = [.text, .json, .yaml]

    /// What a command can print that lists things.
    package static let lists = common + [.wide, .name]

    /// What a command can print that shows a plan.
    package static let plans = common + pages

    /// What is read where a change is approved.
    package static let pages: [Format] = [.markdown, .html]

    /// Whether it is read by people, or is names a line each; a list of nothing is then a sentence.
    package var isLines: Bool { [.text, .wide, .name].contains(self) }
}
