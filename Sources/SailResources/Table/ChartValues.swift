/// What the charts read as values. TableReader says how a line is read.
let valueTable = #"""
    type IstioValues
      base BaseValues | Values of the chart base.
      compatibilityVersion string | Behave as this earlier minor, such as 1.29, where behaviour has changed.
      defaultRevision string | Has no effect: it is removed.
      experimental anything | Settings that may change without notice.
      gatewayClasses anything | Defaults for the objects that istiod makes of a Gateway, by its class.
      global GlobalValues | Values that several charts read.
      istiodRemote IstiodRemoteValues | A control plane outside this cluster.
      meshConfig MeshConfig | Settings of the mesh, which istiod hands to all proxies.
      pilot PilotValues | istiod itself.
      profile string | A profile by its name in the values; spec.profile is the usual place.
      revision string | The name of this control plane among several; empty for the default one.
      sidecarInjectorWebhook SidecarInjectorValues | How sidecars are injected.
      telemetry TelemetryValues | Which telemetry proxies send by default.

    type BaseValues
      excludedCRDs [string] | Definitions of Istio that are not installed.
      validationCABundle string | The certificate authority of the validation webhook, base64.
      validationURL string | The address of the validation webhook where it is no Service.

    type GlobalValues
      agentgateway AgentgatewayValues | Settings of agentgateway.
      arch ArchValues | Preferences of nodes by their architecture, 0 to 3.
      caAddress string | The address of the certificate authority where it is not istiod.
      caName string | Which certificate authority that is.
      certSigners [string] | Signers of the Kubernetes certificates API that istiod may use.
      configCluster bool | Whether istiod is outside this cluster and reads its configuration here.
      configValidation bool | Whether objects of Istio are validated when they are written.
      defaultNodeSelector {string} | Labels of the nodes for pods without a selector of their own.
      defaultPodDisruptionBudget EnabledFlag | A PodDisruptionBudget for the control plane.
      defaultResources ResourceRequirements | Resources of containers that have none of their own.
      defaultTolerations [Toleration] | Tolerations of pods that have none of their own.
      enableReaderRBAC bool | Whether there is a role for other clusters to read this one.
      externalIstiod bool | Whether istiod serves other clusters.
      hub string | The registry and folder of the images.
      imagePullPolicy (Always,Never,IfNotPresent) | When images are pulled.
      imagePullSecrets [string] | Names of Secrets for pulling images.
      ipFamilies [string] | IP families of the Services: IPv4, IPv6.
      ipFamilyPolicy string | SingleStack, PreferDualStack or RequireDualStack.
      istioNamespace string | The namespace of the control plane; must be spec.namespace.
      istiod AnalysisFlag | Analysis in istiod.
      jwtPolicy string | Which tokens proxies use: third-party-jwt.
      logAsJson bool | Whether logs are JSON.
      logging LoggingValues | What is logged.
      meshID string | The name of the mesh among several.
      meshNetworks {MeshNetwork} | The networks of the mesh by their names.
      mountMtlsCerts bool | Whether sidecars mount certificates from Secrets.
      multiCluster MultiClusterValues | This cluster among several.
      nativeNftables bool | Whether rules are made with nftables in place of iptables.
      network string | The network of this cluster.
      networkPolicy EnabledFlag | NetworkPolicies for the components.
      omitSidecarInjectorConfigMap bool | Whether the templates of sidecars are left out.
      operatorManageWebhooks bool | Whether webhooks are left to an operator.
      pilotCertProvider string | Who signs istiod's certificate: istiod, kubernetes, custom or none.
      platform string | The platform, such as openshift or gke.
      podDNSSearchNamespaces [string] | More domains in which sidecars look for names.
      priorityClassName string | The priority class of the pods.
      proxy ProxyValues | The proxies of sidecars and gateways.
      proxy_init ProxyInitValues | The container that redirects the traffic of sidecars.
      remotePilotAddress string | The address of istiod in another cluster.
      resourceScope (undefined,all,cluster,namespace) | Which objects are made: all, those of the cluster, or those of namespaces.
      revision string | The revision that other charts belong to.
      sds SDSValues | Tokens for certificates.
      sts STSValues | The token service in proxies.
      tag string | The tag of the images.
      tracer TracerValues | Where proxies send traces.
      trustBundleName string | The ConfigMap that holds the root certificate in each namespace.
      variant string | The variant of the images: distroless or debug.
      waypoint WaypointValues | Pods of waypoints.

    type CNIGlobalValues
      defaultResources ResourceRequirements | Resources of containers that have none of their own.
      hub string | The registry and folder of the image.
      imagePullPolicy (Always,Never,IfNotPresent) | When the image is pulled.
      imagePullSecrets [string] | Names of Secrets for pulling the image.
      logAsJson bool | Whether logs are JSON.
      logging LoggingValues | What is logged.
      nativeNftables bool | Whether rules are made with nftables in place of iptables.
      platform string | The platform, such as openshift or gke.
      tag string | The tag of the image.
      variant string | The variant of the image: distroless or debug.

    type ZTunnelGlobalValues
      defaultResources ResourceRequirements | Resources of containers that have none of their own.
      hub string | The registry and folder of the image.
      imagePullPolicy (Always,Never,IfNotPresent) | When the image is pulled.
      imagePullSecrets [string] | Names of Secrets for pulling the image.
      logAsJson bool | Whether logs are JSON.
      logging LoggingValues | What is logged.
      platform string | The platform, such as openshift or gke.
      tag string | The tag of the image.
      variant string | The variant of the image: distroless or debug.

    type PilotValues
      affinity Affinity | Which nodes and neighbours the pods want.
      autoscaleBehavior HorizontalPodAutoscalerBehavior | How fast the number of pods changes.
      autoscaleEnabled bool | Whether there is a HorizontalPodAutoscaler.
      autoscaleMax int32 | The most pods.
      autoscaleMin int32 | The fewest pods.
      cni PilotCNI | Which CNI plugin istiod counts on.
      configMap bool | Whether meshConfig is written to a ConfigMap.
      cpu TargetUtilization | The CPU use at which pods are added.
      crlConfigMapName string | A ConfigMap with revoked certificates.
      deploymentLabels {string} | Labels of the Deployment.
      enabled bool | Whether istiod is installed.
      env {string} | Environment variables, which turn features on and off.
      envVarFrom [EnvVar] | Environment variables whose values come from elsewhere.
      extraContainerArgs [string] | More arguments of istiod.
      hub string | The registry and folder of this image.
      image string | The name of the image, or a whole reference with a registry.
      ipFamilies [string] | IP families of the Service.
      ipFamilyPolicy string | SingleStack, PreferDualStack or RequireDualStack.
      istiodRemote IstiodRemoteValues | A control plane outside this cluster.
      jwksResolverExtraRootCA string | More root certificates for fetching keys of tokens.
      keepaliveMaxServerConnectionAge string | How long a connection to istiod lives.
      memory TargetUtilization | The memory use at which pods are added.
      nodeSelector {string} | Labels of the nodes.
      podAnnotations {string} | Annotations of the pods.
      podLabels {string} | Labels of the pods.
      replicaCount int32 | The number of pods without an autoscaler.
      resources ResourceRequirements | Requests and limits.
      rollingMaxSurge intOrString | How many pods more there may be in an update.
      rollingMaxUnavailable intOrString | How many pods may be missing in an update.
      seccompProfile SeccompProfile | The seccomp profile.
      serviceAccountAnnotations {string} | Annotations of the ServiceAccount.
      serviceAnnotations {string} | Annotations of the Service.
      tag string | The tag of this image.
      taint PilotTaint | Taints on nodes whose node agent is not ready.
      tolerations [Toleration] | Taints that the pods tolerate.
      topologySpreadConstraints [TopologySpreadConstraint] | How the pods are spread.
      traceSampling number | The share of requests that are traced, in percent.
      trustedZtunnelNamespace string | The namespace whose ztunnel may ask for certificates of workloads.
      variant string | The variant of this image: distroless or debug.
      volumeMounts [VolumeMount] | More mounts.
      volumes [Volume] | More volumes.

    type PilotCNI
      enabled bool | Whether sidecars count on the node agent.
      provider string | default or multus.

    type PilotTaint
      enabled bool | Whether istiod takes the taint off once the node agent is ready.
      name string | The name of the taint.
      namespace string | The namespace of the node agent.

    type TargetUtilization
      targetAverageUtilization int32 | In percent of the request.

    type IstioCNIValues
      cni CNIValues | The node agent itself.
      global CNIGlobalValues | Values that several charts read.

    type CNIValues
      affinity Affinity | Which nodes the pods want.
      ambient CNIAmbient | Ambient mode on the nodes.
      chained bool | Whether the plugin is added to the configuration of another one.
      cniBinDir string | The folder of the plugins on the nodes.
      cniConfDir string | The folder of the configuration on the nodes.
      cniConfFileName string | The configuration that the plugin is added to.
      cniNetnsDir string | The folder of the network namespaces on the nodes.
      daemonSetLabels {string} | Labels of the DaemonSet.
      env {string} | Environment variables.
      excludeNamespaces [string] | Namespaces whose pods are left alone.
      hub string | The registry and folder of this image.
      image string | The name of the image, or a whole reference with a registry.
      istioOwnedCNIConfig bool | Whether the agent keeps a configuration of its own.
      istioOwnedCNIConfigFileName string | The name of that configuration.
      logging LoggingValues | What is logged.
      podAnnotations {string} | Annotations of the pods.
      podLabels {string} | Labels of the pods.
      privileged bool | Whether the container is privileged.
      provider string | default or multus.
      psp_cluster_role string | Has no effect.
      pullPolicy (Always,Never,IfNotPresent) | When the image is pulled.
      repair CNIRepair | What happens to pods that started before the agent.
      resource_quotas ResourceQuotas | A ResourceQuota for the priority class.
      resources ResourceRequirements | Requests and limits.
      rollingMaxUnavailable intOrString | How many nodes may be without an agent in an update.
      seccompProfile SeccompProfile | The seccomp profile.
      tag string | The tag of this image.
      useAppArmorAnnotation bool | Whether AppArmor is set by annotation.
      variant string | The variant of this image: distroless or debug.

    type CNIAmbient
      configDir string | Has no effect.
      dnsCapture bool | Whether the DNS requests of pods are captured.
      enabled bool | Whether pods of ambient mode are redirected to ztunnel.
      ipv6 bool | Whether IPv6 is redirected.
      reconcileIptablesOnStartup bool | Whether rules of running pods are brought up to date when the agent starts.

    type CNIRepair
      brokenPodLabelKey string | The label that marks a broken pod.
      brokenPodLabelValue string | The value of that label.
      createEvents string | Has no effect.
      deletePods bool | Delete broken pods.
      enabled bool | Whether broken pods are looked for.
      hub string | The registry and folder of this image.
      image string | The name of the image.
      initContainerName string | The container whose failure tells a broken pod.
      labelPods bool | Label broken pods.
      repairPods bool | Repair broken pods in place.
      tag string | The tag of this image.

    type ResourceQuotas
      enabled bool | Whether there is a ResourceQuota.
      pods int64 | How many pods it allows.

    type ZTunnelValues
      global ZTunnelGlobalValues | Values that several charts read.
      ztunnel ZTunnelSettings | ztunnel itself.

    type ZTunnelSettings
      Annotations {string} | Has no effect: no chart reads it.
      Labels {string} | Has no effect: no chart reads it.
      affinity Affinity | Which nodes the pods want.
      caAddress string | The address of the certificate authority.
      dnsConfig PodDNSConfig | DNS of the pods.
      dnsPolicy (ClusterFirstWithHostNet,ClusterFirst,Default,None) | Where the pods ask for names.
      env {string} | Environment variables.
      hub string | The registry and folder of this image.
      image string | The name of the image, or a whole reference with a registry.
      imagePullPolicy (Always,Never,IfNotPresent) | When the image is pulled.
      imagePullSecrets [string] | Names of Secrets for pulling the image.
      istioNamespace string | The namespace of the control plane.
      logAsJson bool | Whether logs are JSON.
      logLevel (trace,debug,info,warn,error) = "info" | What is logged.
      multiCluster MultiClusterValues | This cluster among several.
      network string | The network of this cluster.
      nodeSelector {string} | Labels of the nodes.
      peerCaCrl EnabledFlag | Checking of revoked certificates of peers.
      podAnnotations {string} | Annotations of the pods.
      podLabels {string} | Labels of the pods.
      resourceName string | The name of the DaemonSet.
      resourceQuotas ResourceQuotas | A ResourceQuota for the priority class.
      resources ResourceRequirements | Requests and limits.
      revision string | The control plane that ztunnel connects to.
      seLinuxOptions SELinuxOptions | SELinux labels of the container.
      tag string | The tag of this image.
      terminationGracePeriodSeconds int64 = 30 >= 0 | How long connections may go on when a pod ends.
      tolerations [Toleration] | Taints that the pods tolerate.
      updateStrategy DaemonSetUpdateStrategy | How the DaemonSet is updated.
      variant string | The variant of this image: distroless or debug.
      volumeMounts [VolumeMount] | More mounts.
      volumes [Volume] | More volumes.
      xdsAddress string | The address of istiod.

    type ProxyValues
      autoInject string
      clusterDomain string
      componentLogLevel string
      enableCoreDump bool
      excludeIPRanges string
      excludeInboundPorts string
      excludeOutboundPorts string
      holdApplicationUntilProxyStarts bool
      image string
      includeIPRanges string
      includeInboundPorts string
      includeOutboundPorts string
      lifecycle Lifecycle
      logLevel string
      outlierLogPath string
      privileged bool
      readinessFailureThreshold int32
      readinessInitialDelaySeconds int32
      readinessPeriodSeconds int32
      resources ResourceRequirements
      seccompProfile SeccompProfile
      startupProbe ProxyStartupProbe
      statusPort int32
      tracer (zipkin,lightstep,datadog,stackdriver,openCensusAgent,none)

    type ProxyInitValues
      image string
      resources ResourceRequirements

    type ProxyStartupProbe
      enabled bool
      failureThreshold int32

    type WaypointValues
      affinity Affinity
      nodeSelector NodeSelector
      resources ResourceRequirements
      toleration [Toleration]
      topologySpreadConstraints [TopologySpreadConstraint]

    type AgentgatewayValues
      image string

    type ArchValues
      amd64 int32
      arm64 int32
      ppc64le int32
      s390x int32

    type AnalysisFlag
      enableAnalysis bool

    type LoggingValues
      level string

    type MultiClusterValues
      clusterName string
      enabled bool
      globalDomainSuffix string
      includeEnvoyFilter bool

    type MeshNetwork
      endpoints [NetworkEndpoint]
      gateways [NetworkGateway]

    type NetworkEndpoint atMostOne(fromCidr,fromRegistry)
      fromCidr string
      fromRegistry string

    type NetworkGateway atMostOne(registryServiceName,address)
      address string
      locality string
      port int32
      registryServiceName string

    type SDSValues
      token SDSToken

    type SDSToken
      aud string

    type STSValues
      servicePort int32

    type TracerValues
      datadog TracerAddress
      lightstep LightstepTracer
      stackdriver TracerLimits
      zipkin TracerAddress

    type TracerAddress
      address string

    type LightstepTracer
      accessToken string
      address string

    type TracerLimits
      debug bool
      maxNumberOfAnnotations int32
      maxNumberOfAttributes int32
      maxNumberOfMessageEvents int32

    type IstiodRemoteValues
      enabled bool
      enabledLocalInjectorIstiod bool
      injectionCABundle string
      injectionPath string
      injectionURL string

    type SidecarInjectorValues
      alwaysInjectSelector [LabelSelector]
      defaultTemplates [string]
      enableNamespacesByDefault bool
      injectedAnnotations {string}
      injectionURL string
      neverInjectSelector [LabelSelector]
      reinvocationPolicy string
      rewriteAppHTTPProbe bool
      templates {string}

    type TelemetryValues
      enabled bool
      v2 TelemetryV2

    type TelemetryV2
      enabled bool
      prometheus EnabledFlag
      stackdriver EnabledFlag

    type EnabledFlag | On or off.
      enabled bool | Whether it is on.
    """#
