internal import Glibc

/// Sends requests in batches and answers in the same order: the seam between the client and the network.
package protocol Transport: AnyObject {
    /// Performs all requests, many at a time; the result at an index answers the request at that index.
    func perform(_ requests: [Request]) -> [Result<Response, TransportError>]

    /// Performs all requests and hands over each result, with its request's index, as soon as it is there.
    ///
    /// `mayStart` is asked right before each request is sent; where it answers `false` the request fails as `withheld`.
    func perform(
        _ requests: [Request], mayStart: @escaping () -> Bool,
        receive: (Int, Result<Response, TransportError>) -> Void)

    /// Performs one request and hands over its body as it arrives. `receive` answers whether to go on,
    /// and is asked so at times without bytes, too; a response with a status other than 2xx is returned whole instead.
    func stream(_ request: Request, receive: ([UInt8]) -> Bool) -> Result<Response, TransportError>

    /// Begins a stream that goes on while other requests are performed; `receive` must not send.
    func open(_ request: Request, receive: @escaping ([UInt8]) -> Void) -> OpenStream

    /// Has something served while this transport waits.
    func serve(_ attendant: any Attendant)

    /// Lets open streams go on: returns with the first news, or after so many milliseconds.
    func rest(milliseconds: Int)
}

/// A request whose body arrives beside others. A class, since who opened it and the transport both look at it.
package final class OpenStream {
    private let url: String
    /// What it came to, once it has ended.
    package internal(set) var result: Result<Response, TransportError>?
    private(set) var isClosed = false

    package init(url: String, result: Result<Response, TransportError>? = nil) {
        (self.url, self.result) = (url, result)
    }

    /// Asks for no more.
    package func close() { isClosed = true }
}

/// Something that is served while a transport waits: a listening socket and its connections.
package protocol Attendant: AnyObject {
    /// The descriptors that it waits for, each whether to be written to.
    var awaited: [(descriptor: Int32, writes: Bool)] { get }
    /// Does what can be done without waiting.
    func attend()
}

extension Transport {
    package func open(_ request: Request, receive: @escaping ([UInt8]) -> Void) -> OpenStream {
        OpenStream(
            url: request.url, result: .failure(.failed(url: request.url, reason: "this transport has no streams")))
    }

    package func serve(_ attendant: any Attendant) {}

    package func rest(milliseconds: Int) { usleep(UInt32(clamping: max(0, milliseconds)) * 1000) }

    package func perform(
        _ requests: [Request], mayStart: @escaping () -> Bool,
        receive: (Int, Result<Response, TransportError>) -> Void
    ) {
        for (index, request) in requests.enumerated() {
            receive(index, mayStart() ? perform(request) : .failure(.withheld(url: request.url)))
        }
    }

    package func perform(_ request: Request) -> Result<Response, TransportError> {
        perform([request]).first ?? .failure(.cancelled(url: request.url))
    }
}
