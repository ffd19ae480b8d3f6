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
}

extension Transport {
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
