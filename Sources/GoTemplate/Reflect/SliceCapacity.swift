import Values

extension List {
    /// A list that Go appends to element by element, from nothing.
    package static func grown(_ elements: [GoValue], type: GoType = .anySlice, isNil: Bool = false) -> List {
        var list = List(elements, type: type, isNil: isNil)
        let isInteger = if case .integer = type.element { true } else { false }
        let allocation = SliceAllocation(size: isInteger ? 8 : 16, hasPointers: !isInteger)
        list.spare = allocation.grownFromNothing(to: elements.count) - elements.count
        return list
    }

    /// A list of one that Go has made at `count` elements, and to which it appends all others at once.
    package static func appended(_ elements: [GoValue], to count: Int) -> List {
        var list = List(elements)
        let capacity = SliceAllocation(size: 16, hasPointers: true).grown(count, for: elements.count)
        list.spare = elements.count > count ? capacity - elements.count : 0
        return list
    }
}

/// The arithmetic of Go's growslice for elements of one size.
struct SliceAllocation {
    var size: Int
    var hasPointers: Bool

    /// Sizes in bytes of the blocks that Go's allocator hands out.
    private static let classes = [
        8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448,
        480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456,
        4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384,
        18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
    ]

    func grownFromNothing(to count: Int) -> Int {
        if count <= 1 { return count }
        if count <= 32 { return 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount) }
        var capacity = 32
        while capacity < count { capacity = grown(capacity, for: capacity + 1) }
        return capacity
    }

    func grown(_ capacity: Int, for count: Int) -> Int {
        var wanted = count
        if count <= 2 * capacity {
            wanted = capacity < 256 ? 2 * capacity : capacity
            while wanted < count { wanted += (wanted + 768) / 4 }
            if capacity >= 256, wanted == capacity { wanted += (wanted + 768) / 4 }
        }
        // Larger blocks that hold pointers begin with a header.
        let header = hasPointers && wanted * size > 512 ? 8 : 0
        let bytes = wanted * size + header
        guard let block = SliceAllocation.classes.first(where: { $0 >= bytes }) else {
            return (wanted * size + 8191) / 8192 * 8192 / size
        }
        return (block - header) / size
    }
}
