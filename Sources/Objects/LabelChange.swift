/// A label of an object that is set, or taken off.
package struct LabelChange: Sendable, Equatable {
    package var object: ObjectReference
    /// Another object of the same name is left alone.
    package var uid: String?
    package var label: String
    package var before: String?
    /// `nil` takes it off.
    package var after: String?

    package init(_ object: ObjectReference, uid: String?, label: String, before: String?, after: String?) {
        (self.object, self.uid, self.label, self.before, self.after) = (object, uid, label, before, after)
    }
}
