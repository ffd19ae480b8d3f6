/// Kubernetes' objects of pods. TableReader says how a line is read.
let podTable = #"""
    type Affinity | Affinity of core/v1: kubectl explain pod.spec.affinity.
      nodeAffinity NodeAffinity
      podAffinity PodAffinity
      podAntiAffinity PodAffinity

    type NodeAffinity
      preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] atomic
      requiredDuringSchedulingIgnoredDuringExecution NodeSelector

    type NodeSelector atomic
      nodeSelectorTerms! [NodeSelectorTerm] atomic

    type NodeSelectorTerm atomic
      matchExpressions [SelectorRequirement] atomic
      matchFields [SelectorRequirement] atomic

    type SelectorRequirement
      key! string
      operator! string
      values [string] atomic

    type PreferredSchedulingTerm
      preference! NodeSelectorTerm
      weight! int32

    type PodAffinity
      preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] atomic
      requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] atomic

    type PodAffinityTerm
      labelSelector LabelSelector
      matchLabelKeys [string] atomic
      mismatchLabelKeys [string] atomic
      namespaceSelector LabelSelector
      namespaces [string] atomic
      topologyKey! string

    type WeightedPodAffinityTerm
      podAffinityTerm! PodAffinityTerm
      weight! int32

    type LabelSelector atomic | A label selector: kubectl explain deployment.spec.selector.
      matchExpressions [SelectorRequirement] atomic
      matchLabels {string}

    type TopologySpreadConstraint | TopologySpreadConstraint of core/v1: kubectl explain pod.spec.topologySpreadConstraints.
      labelSelector LabelSelector
      matchLabelKeys [string] atomic
      maxSkew! int32
      minDomains int32
      nodeAffinityPolicy string
      nodeTaintsPolicy string
      topologyKey! string
      whenUnsatisfiable! string

    type Toleration | Toleration of core/v1: kubectl explain pod.spec.tolerations.
      effect string
      key string
      operator string
      tolerationSeconds int64
      value string

    type ResourceRequirements | ResourceRequirements of core/v1: kubectl explain pod.spec.containers.resources.
      claims [ResourceClaim] keyed
      limits {quantity}
      requests {quantity}

    type ResourceClaim
      name! string
      request string

    type SeccompProfile | SeccompProfile of core/v1: kubectl explain pod.spec.securityContext.seccompProfile.
      localhostProfile string
      type! string

    type SELinuxOptions | SELinuxOptions of core/v1: kubectl explain pod.spec.securityContext.seLinuxOptions.
      level string
      role string
      type string
      user string

    type Lifecycle | Lifecycle of core/v1: kubectl explain pod.spec.containers.lifecycle.
      postStart LifecycleHandler
      preStop LifecycleHandler
      stopSignal string

    type LifecycleHandler
      exec ExecAction
      httpGet HTTPGetAction
      sleep SleepAction
      tcpSocket TCPSocketAction

    type ExecAction
      command [string] atomic

    type HTTPGetAction
      host string
      httpHeaders [HTTPHeader] atomic
      path string
      port! intOrString
      scheme string

    type HTTPHeader
      name! string
      value! string

    type SleepAction
      seconds! int64

    type TCPSocketAction
      host string
      port! intOrString

    type GRPCAction
      port! int32
      service string = ""

    type Probe | Probe of core/v1: kubectl explain pod.spec.containers.readinessProbe.
      exec ExecAction
      failureThreshold int32
      grpc GRPCAction
      httpGet HTTPGetAction
      initialDelaySeconds int32
      periodSeconds int32
      successThreshold int32
      tcpSocket TCPSocketAction
      terminationGracePeriodSeconds int64
      timeoutSeconds int32

    type EnvVar | EnvVar of core/v1: kubectl explain pod.spec.containers.env.
      name! string
      value string
      valueFrom EnvVarSource

    type EnvVarSource
      configMapKeyRef KeySelector
      fieldRef ObjectFieldSelector
      fileKeyRef FileKeySelector
      resourceFieldRef ResourceFieldSelector
      secretKeyRef KeySelector

    type KeySelector atomic
      key! string
      name string = ""
      optional bool

    type ObjectFieldSelector atomic
      apiVersion string
      fieldPath! string

    type FileKeySelector atomic
      key! string
      optional bool = false
      path! string
      volumeName! string

    type ResourceFieldSelector atomic
      containerName string
      divisor quantity
      resource! string

    type HorizontalPodAutoscalerBehavior | HorizontalPodAutoscalerBehavior of autoscaling/v2: kubectl explain hpa.spec.behavior --api-version=autoscaling/v2.
      scaleDown HPAScalingRules
      scaleUp HPAScalingRules

    type HPAScalingRules
      policies [HPAScalingPolicy] atomic
      selectPolicy string
      stabilizationWindowSeconds int32
      tolerance quantity

    type HPAScalingPolicy
      periodSeconds! int32
      type! string
      value! int32

    type VolumeMount | VolumeMount of core/v1: kubectl explain pod.spec.containers.volumeMounts.
      mountPath! string
      mountPropagation string
      name! string
      readOnly bool
      recursiveReadOnly string
      subPath string
      subPathExpr string

    type PodDNSConfig | PodDNSConfig of core/v1: kubectl explain pod.spec.dnsConfig.
      nameservers [string] atomic
      options [PodDNSConfigOption] atomic
      searches [string] atomic

    type PodDNSConfigOption
      name string
      value string

    type DaemonSetUpdateStrategy
      rollingUpdate RollingUpdateDaemonSet
      type string

    type RollingUpdateDaemonSet
      maxSurge intOrString
      maxUnavailable intOrString
    """#
