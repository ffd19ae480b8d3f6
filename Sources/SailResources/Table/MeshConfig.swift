/// What `meshConfig` holds. TableReader says how a line is read.
let meshConfigTable = #"""
    type MeshConfig
      accessLogEncoding (TEXT,JSON) | TEXT or JSON.
      accessLogFile string | Where access logs go; /dev/stdout for the log of the proxy, empty for none.
      accessLogFormat string | The format of a line.
      ca CertificateAuthority
      caCertificates [CACertificate]
      certificates [DNSCertificate]
      configSources [ConfigSource]
      connectTimeout string
      defaultConfig ProxyConfig | Settings of proxies.
      defaultDestinationRuleExportTo [string]
      defaultHttpRetryPolicy HTTPRetry
      defaultProviders DefaultProviders
      defaultServiceExportTo [string]
      defaultVirtualServiceExportTo [string]
      disableEnvoyListenerLog bool
      discoverySelectors [LabelSelector] | The namespaces that istiod looks at.
      dnsRefreshRate string
      enableAutoMtls bool | Whether proxies use mutual TLS wherever both sides can.
      enableEnvoyAccessLogService bool
      enablePrometheusMerge bool
      enableTracing bool
      extensionProviders [ExtensionProvider] items<= 1000 | Services for tracing, logging and authorization, by their names.
      h2UpgradePolicy (DO_NOT_UPGRADE,UPGRADE)
      hboneIdleTimeout string
      inboundClusterStatName string
      inboundTrafficPolicy InboundTrafficPolicy
      ingressClass string
      ingressControllerMode (UNSPECIFIED,OFF,DEFAULT,STRICT)
      ingressSelector string
      ingressService string
      localityLbSetting LocalityLBSetting
      meshMTLS TLSConfig | TLS between workloads.
      outboundClusterStatName string
      outboundTrafficPolicy OutboundTrafficPolicy | What happens to traffic for unknown services.
      pathNormalization PathNormalization
      protocolDetectionTimeout string
      proxyHttpPort int32
      proxyInboundListenPort int32
      proxyListenPort int32
      rootNamespace string | The namespace whose policies hold for the whole mesh.
      serviceScopeConfigs [ServiceScopeConfig] | Which services other clusters see.
      serviceSettings [ServiceSettings]
      tcpKeepalive TCPKeepalive
      tlsDefaults TLSConfig | TLS outside the mesh.
      trustDomain string | The trust domain of the identities of workloads.
      trustDomainAliases [string] | Other trust domains that count as this one.
      verifyCertificateAtClient bool

    type CertificateAuthority
      address! string
      istiodSide bool
      requestTimeout string
      tlsSettings ClientTLSSettings

    type CACertificate atMostOne(pem,spiffeBundleUrl)
      certSigners [string]
      pem string
      spiffeBundleUrl string
      trustDomains [string]

    type DNSCertificate
      dnsNames [string]
      secretName string

    type ConfigSource
      address string
      subscribedResources [(SERVICE_REGISTRY)]
      tlsSettings ClientTLSSettings

    type ProxyConfig atMostOne(serviceCluster,tracingServiceName)
      availabilityZone string
      binaryPath string
      caCertificatesPem [string]
      concurrency int32
      configPath string
      controlPlaneAuthPolicy (NONE,MUTUAL_TLS,INHERIT)
      customConfigFile string
      discoveryAddress string
      discoveryRefreshDelay string
      drainDuration string
      envoyAccessLogService RemoteService
      envoyMetricsService RemoteService
      envoyMetricsServiceAddress string
      extraStatTags [string]
      fileFlushInterval string
      fileFlushMinSizeKb int32
      gatewayTopology GatewayTopology
      holdApplicationUntilProxyStarts bool
      image ProxyImage
      interceptionMode (REDIRECT,TPROXY,NONE)
      meshId string
      privateKeyProvider PrivateKeyProvider
      proxyAdminPort int32
      proxyBootstrapTemplatePath string
      proxyHeaders ProxyHeaders
      proxyMetadata {string}
      proxyStatsMatcher ProxyStatsMatcher
      readinessProbe Probe
      runtimeValues {string}
      sds ProxySDS
      serviceCluster string
      statNameLength int32
      statsCompression bool
      statsdUdpAddress string
      statusPort int32
      terminationDrainDuration string
      tracing Tracing
      tracingServiceName (APP_LABEL_AND_NAMESPACE,CANONICAL_NAME_ONLY,CANONICAL_NAME_AND_NAMESPACE)
      zipkinAddress string

    type HTTPRetry
      attempts int32
      backoff string
      perTryTimeout string
      retryIgnorePreviousHosts bool
      retryOn string
      retryRemoteLocalities bool

    type DefaultProviders
      accessLogging [string]
      metrics [string]
      tracing [string]

    type InboundTrafficPolicy
      mode (PASSTHROUGH,LOCALHOST)

    type LocalityLBSetting
      distribute [LocalityDistribution]
      enabled bool
      failover [LocalityFailover]
      failoverPriority [string]

    type TLSConfig
      cipherSuites [string]
      ecdhCurves [string]
      minProtocolVersion (TLS_AUTO,TLSV1_2,TLSV1_3)

    type OutboundTrafficPolicy
      mode (REGISTRY_ONLY,ALLOW_ANY,ALLOW_ANY_DYNAMIC_DNS)
      tls ClientTLSSettings

    type PathNormalization
      normalization (DEFAULT,NONE,BASE,MERGE_SLASHES,DECODE_AND_MERGE_SLASHES)

    type ServiceScopeConfig
      namespaceSelector LabelSelector
      scope (LOCAL,GLOBAL)
      servicesSelector LabelSelector

    type ServiceSettings
      hosts [string]
      settings ServiceSettingsFlags

    type TCPKeepalive
      interval string
      probes int32
      time string

    type ClientTLSSettings
      caCertificates string
      caCrl string
      clientCertificate string
      credentialName string
      insecureSkipVerify bool
      mode (DISABLE,SIMPLE,MUTUAL,ISTIO_MUTUAL)
      privateKey string
      sni string
      subjectAltNames [string]

    type RemoteService
      address string
      tcpKeepalive TCPKeepalive
      tlsSettings ClientTLSSettings

    type GatewayTopology
      forwardClientCertDetails (UNDEFINED,SANITIZE,FORWARD_ONLY,APPEND_FORWARD,SANITIZE_SET,ALWAYS_FORWARD_ONLY)
      numTrustedProxies int32
      proxyProtocol empty

    type ProxyImage
      imageType string

    type PrivateKeyProvider atMostOne(cryptomb,qat)
      cryptomb PrivateKeyAccelerator
      qat PrivateKeyAccelerator

    type ProxyHeaders
      attemptCount DisabledFlag
      envoyDebugHeaders DisabledFlag
      forwardedClientCert (UNDEFINED,SANITIZE,FORWARD_ONLY,APPEND_FORWARD,SANITIZE_SET,ALWAYS_FORWARD_ONLY)
      metadataExchangeHeaders MetadataExchangeHeaders
      preserveHttp1HeaderCase bool
      requestId DisabledFlag
      server ServerHeader
      setCurrentClientCertDetails SetCurrentClientCertDetails
      xForwardedHost EnabledFlag
      xForwardedPort EnabledFlag

    type ProxyStatsMatcher
      inclusionPrefixes [string]
      inclusionRegexps [string]
      inclusionSuffixes [string]

    type ProxySDS
      enabled bool
      k8sSaJwtPath string

    type Tracing atMostOne(zipkin,lightstep,datadog,stackdriver,openCensusAgent)
      customTags {CustomTag}
      datadog TracerAddress
      enableIstioTags bool
      lightstep LightstepTracer
      maxPathTagLength int32
      openCensusAgent OpenCensusAgentTracer
      sampling number
      stackdriver StackdriverTracer
      tlsSettings ClientTLSSettings
      zipkin TracerAddress

    type LocalityDistribution
      from string
      to {int32}

    type LocalityFailover
      from string
      to string

    type ServiceSettingsFlags
      clusterLocal bool

    type PrivateKeyAccelerator
      fallback bool
      pollDelay string

    type DisabledFlag
      disabled bool

    type MetadataExchangeHeaders
      mode (UNDEFINED,IN_MESH)

    type ServerHeader
      disabled bool
      value string

    type SetCurrentClientCertDetails
      cert bool
      chain bool
      dns bool
      subject bool
      uri bool

    type CustomTag atMostOne(literal,environment,header)
      environment TagSource
      header TagSource
      literal LiteralTag

    type OpenCensusAgentTracer
      address string
      context [(UNSPECIFIED,W3C_TRACE_CONTEXT,GRPC_BIN,CLOUD_TRACE_CONTEXT,B3)]

    type StackdriverTracer
      debug bool
      maxNumberOfAnnotations int64
      maxNumberOfAttributes int64
      maxNumberOfMessageEvents int64

    type TagSource
      defaultValue string
      name string

    type LiteralTag
      value string
    """#
