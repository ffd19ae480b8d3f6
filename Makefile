SWIFT_BUILD = swift build --explicit-target-dependency-import-check error
