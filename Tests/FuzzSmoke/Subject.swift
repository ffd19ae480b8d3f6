/// A kind of input that comes from outside, and what reads it.
package struct Subject: Sendable {
    package let name: String
    private let seeds: @Sendable () -> [[UInt8]]
    /// What inputs of the kind are made of.
    package let words: [String]
    /// What packs the changed content as it would arrive; `nil` where it arrives as it is. Some stay unpacked.
    private let pack: (@Sendable ([UInt8]) -> [UInt8])?
    /// Reads an input by all ways that the tool has; answers whether any of them took it.
    package let read: @Sendable ([UInt8]) -> Bool

    init(
        _ name: String, seeds: @escaping @Sendable () -> [[UInt8]], words: [String],
        pack: (@Sendable ([UInt8]) -> [UInt8])? = nil, read: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.name = name
        self.seeds = seeds
        self.words = words
        self.pack = pack
        self.read = read
    }

    init(
        _ name: String, texts: [String], words: [String], pack: (@Sendable ([UInt8]) -> [UInt8])? = nil,
        read: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.init(name, seeds: { texts.map { Array($0.utf8) } }, words: words, pack: pack, read: read)
    }

    /// The good inputs, as they would arrive.
    package var good: [[UInt8]] { unpacked.map { packed($0) ?? $0 } }

    /// The same before they are packed.
    package var unpacked: [[UInt8]] { seeds() }

    /// Whether inputs of this kind arrive packed.
    package var isPacked: Bool { pack != nil }

    /// Content as it would arrive; `nil` where that is the content itself.
    package func packed(_ content: [UInt8]) -> [UInt8]? { pack.map { $0(content) } }

    /// The inputs of a run, each by its number: those that are kept as they are, then others made of them and of the good ones.
    package func inputs(seed: UInt64, kept: [[UInt8]] = []) -> (Int) -> [UInt8] {
        let first = kept + kept.compactMap(packed)
        let seeds = seeds()
        // As many good inputs as kept ones, which are short.
        let doubled = Array(repeatElement(seeds, count: max(1, kept.count / max(1, seeds.count))).joined())
        let mutator = Mutator(seeds: doubled + kept, words: words)
        return { number in
            if number < first.count { return first[number] }
            var generator = Generator(seed: seed ^ (UInt64(number) &* 0x2545_F491_4F6C_DD1D))
            let content = mutator.input(&generator)
            // Now and then the packed form itself is changed.
            let arriving = packed(content) ?? content
            guard generator.isOne(in: 4) else { return arriving }
            return Mutator(seeds: [arriving], words: words).input(&generator)
        }
    }

    /// All kinds, by name.
    package static let all: [Subject] = [
        yaml, json, toml, template, set, patches, archive, kubeconfig, apiAnswer, releaseSecret, registryAnswer,
        certificate,
    ]
}

/// Whether one of several readings succeeds; each is made.
func succeeds(_ readings: (() throws -> Void)...) -> Bool {
    var isTaken = false
    for read in readings {
        do {
            try read()
            isTaken = true
        } catch {
            // The message is made, too: it quotes the input.
            _ = "\(error)".utf8.count
        }
    }
    return isTaken
}
