import ChartSources
import HTTP
import Istio
import Meshes
import System

/// A catalogue that was read, and where.
struct GivenCatalogue: Sendable {
    let file: CatalogueFile
    /// The path or address, without what may be secret in it.
    let source: String
    /// Whether the source alone leads to the same text from every machine.
    let isPublic: Bool
}

extension Request {
    /// The catalogue that the run goes by: the built-in one, with that of --catalogue laid over it.
    func catalogue() throws -> Catalogue { try Catalogue.builtIn(overlaidBy: givenCatalogue?.file) }

    /// Reads what --catalogue names; once, before the command.
    mutating func readCatalogue() throws {
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
        let environment = environment
        let text = try fetchCatalogue(
            source, limit: CatalogueFile.mostBytes, environment: { environment[$0] },
            transport: { try CurlTransport() })
        return GivenCatalogue(
            file: try CatalogueFile(text.bytes, name: text.address), source: text.address, isPublic: text.isPublic)
    }
}
