import ChartSources
import HTTP
package import Istio
import System

/// A catalogue that was read, and where.
package struct GivenCatalogue: Sendable {
    package let file: CatalogueFile
    /// The path or address, without what may be secret in it.
    package let source: String
    /// Whether the source alone leads to the same text from every machine.
    package let isPublic: Bool
}

extension OperationOptions {
    /// The catalogue that the run goes by: the built-in one, with that of --catalogue laid over it.
    package func catalogue() throws -> Catalogue { try Catalogue.builtIn(overlaidBy: givenCatalogue?.file) }

    /// Reads what --catalogue names; once, before the command.
    package mutating func readCatalogue() throws {
        guard let source = catalogueSource else { return }
        givenCatalogue = try catalogue(at: source)
        _ = try catalogue()
    }

    func catalogue(at source: String) throws -> GivenCatalogue {
        guard source.contains("://") else {
            let bytes: [UInt8]
            do throws(FileFailure) {
                bytes = try readFile(source)
            } catch {
                throw IstioError.unreadableFile(path: "--catalogue \(source)", reason: error.reason)
            }
            guard bytes.count <= CatalogueFile.mostBytes else {
                throw IstioError.unreadableFile(
                    path: "--catalogue \(source)", reason: "is larger than 4 MiB; check the path")
            }
            return GivenCatalogue(file: try CatalogueFile(bytes, name: source), source: source, isPublic: false)
        }
        let (environment, makeTransport, signals) = (environment, makeTransport, signals)
        let text = try fetchText(
            source, of: FetchedTextKind(flag: "--catalogue", noun: "a catalogue"), limit: CatalogueFile.mostBytes,
            environment: { environment[$0] },
            transport: { try makeTransport(signals) })
        return GivenCatalogue(
            file: try CatalogueFile(text.bytes, name: text.address), source: text.address, isPublic: text.isPublic)
    }
}
