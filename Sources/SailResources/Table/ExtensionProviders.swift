/// The extension providers of `meshConfig`. TableReader says how a line is read.
let providerTable = #"""
    type ExtensionProvider atMostOne(envoyExtAuthzHttp,envoyExtAuthzGrpc,zipkin,lightstep,datadog,stackdriver,opencensus,skywalking,opentelemetry,prometheus,envoyFileAccessLog,envoyHttpAls,envoyTcpAls,envoyOtelAls,sds)
      datadog DatadogProvider
      envoyExtAuthzGrpc ExtAuthzGRPCProvider
      envoyExtAuthzHttp ExtAuthzHTTPProvider
      envoyFileAccessLog FileAccessLogProvider
      envoyHttpAls HTTPAccessLogProvider
      envoyOtelAls OpenTelemetryLogProvider
      envoyTcpAls TCPAccessLogProvider
      lightstep LightstepProvider
      name! string | The name by which Telemetry and AuthorizationPolicy refer to it.
      opencensus OpenCensusProvider
      opentelemetry OpenTelemetryProvider
      prometheus empty
      sds SDSProvider
      skywalking SkywalkingProvider
      stackdriver StackdriverProvider
      zipkin ZipkinProvider

    type DatadogProvider
      maxTagLength int32
      port! int32
      service! string

    type ExtAuthzGRPCProvider
      clearRouteCache bool
      failOpen bool
      includeRequestBodyInCheck ExtAuthzRequestBody
      port! int32
      service! string
      statusOnError string
      timeout string

    type ExtAuthzHTTPProvider
      clearRouteCache bool
      failOpen bool
      headersToDownstreamOnAllow [string]
      headersToDownstreamOnDeny [string]
      headersToUpstreamOnAllow [string]
      includeAdditionalHeadersInCheck {string}
      includeHeadersInCheck [string]
      includeRequestBodyInCheck ExtAuthzRequestBody
      includeRequestHeadersInCheck [string]
      pathPrefix string
      port! int32
      service! string
      statusOnError string
      timeout string

    type FileAccessLogProvider
      logFormat FileLogFormat
      omitEmptyValues bool
      path string

    type HTTPAccessLogProvider
      additionalRequestHeadersToLog [string]
      additionalResponseHeadersToLog [string]
      additionalResponseTrailersToLog [string]
      filterStateObjectsToLog [string]
      logName string
      port! int32
      service! string

    type OpenTelemetryLogProvider
      logFormat OpenTelemetryLogFormat
      logName string
      port! int32
      service! string

    type TCPAccessLogProvider
      filterStateObjectsToLog [string]
      logName string
      port! int32
      service! string

    type LightstepProvider
      accessToken string
      maxTagLength int32
      port! int32
      service! string

    type OpenCensusProvider
      context [(UNSPECIFIED,W3C_TRACE_CONTEXT,GRPC_BIN,CLOUD_TRACE_CONTEXT,B3)]
      maxTagLength int32
      port! int32
      service! string

    type OpenTelemetryProvider atMostOne(dynatraceSampler)
      dynatraceSampler DynatraceSampler
      grpc GRPCService
      http HTTPService
      maxTagLength int32
      port! int32
      resourceDetectors ResourceDetectors
      service! string
      serviceAttributeEnrichment (ISTIO_CANONICAL,OTEL_SEMANTIC_CONVENTIONS)

    type SDSProvider
      name! string
      port! int32
      service! string

    type SkywalkingProvider
      accessToken string
      port! int32
      service! string

    type StackdriverProvider
      debug bool
      logging StackdriverLogging
      maxNumberOfAnnotations int64
      maxNumberOfAttributes int64
      maxNumberOfMessageEvents int64
      maxTagLength int32

    type ZipkinProvider
      enable64bitTraceId bool
      headers [ProviderHeader]
      maxTagLength int32
      path string
      port! int32
      service! string
      timeout string
      traceContextOption (USE_B3,USE_B3_WITH_W3C_PROPAGATION)

    type ExtAuthzRequestBody
      allowPartialMessage bool
      maxRequestBytes int32
      packAsBytes bool

    type FileLogFormat atMostOne(text,labels)
      labels {string}
      text string

    type OpenTelemetryLogFormat
      labels {string}
      text string

    type DynatraceSampler
      clusterId! int32
      httpService DynatraceHTTPService
      rootSpansPerMinute int32
      tenant! string

    type GRPCService
      initialMetadata [ProviderHeader]
      timeout string

    type HTTPService
      headers [ProviderHeader]
      path! string
      timeout string

    type ResourceDetectors
      dynatrace empty
      environment empty

    type StackdriverLogging
      labels {string}

    type ProviderHeader atMostOne(value,envName)
      envName string
      name! string
      value string

    type DynatraceHTTPService
      http! HTTPService
      port! int32
      service! string
    """#
