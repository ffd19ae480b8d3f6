/// Written by scripts/kubernetes-types from a v1.36 API server's OpenAPI documents; the script says what the letters
/// mean.
enum TypeTable {
    /// The type of each built-in kind.
    static let kinds = """
        core/v1/ConfigMap=ConfigMap core/v1/Endpoints=Endpoints core/v1/Event=Event core/v1/LimitRange=LimitRange
        core/v1/Namespace=Namespace core/v1/Node=Node core/v1/PersistentVolumeClaim=PersistentVolumeClaim
        core/v1/Pod=Pod core/v1/ResourceQuota=ResourceQuota core/v1/Secret=Secret core/v1/Service=Service
        core/v1/ServiceAccount=ServiceAccount
        admissionregistration.k8s.io/v1/MutatingWebhookConfiguration=MutatingWebhookConfiguration
        admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy=ValidatingAdmissionPolicy
        admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding=ValidatingAdmissionPolicyBinding
        admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration=ValidatingWebhookConfiguration
        apiextensions.k8s.io/v1/CustomResourceDefinition=CustomResourceDefinition
        apps/v1/ControllerRevision=ControllerRevision apps/v1/DaemonSet=DaemonSet apps/v1/Deployment=Deployment
        apps/v1/ReplicaSet=ReplicaSet apps/v1/StatefulSet=StatefulSet
        authentication.k8s.io/v1/SelfSubjectReview=SelfSubjectReview authentication.k8s.io/v1/TokenReview=TokenReview
        authorization.k8s.io/v1/SelfSubjectAccessReview=SelfSubjectAccessReview
        authorization.k8s.io/v1/SelfSubjectRulesReview=SelfSubjectRulesReview
        authorization.k8s.io/v1/SubjectAccessReview=SubjectAccessReview
        autoscaling/v2/HorizontalPodAutoscaler=HorizontalPodAutoscaler batch/v1/CronJob=CronJob batch/v1/Job=Job
        coordination.k8s.io/v1/Lease=Lease discovery.k8s.io/v1/EndpointSlice=EndpointSlice
        events.k8s.io/v1/Event=EventsEvent networking.k8s.io/v1/Ingress=Ingress
        networking.k8s.io/v1/IngressClass=IngressClass networking.k8s.io/v1/NetworkPolicy=NetworkPolicy
        policy/v1/PodDisruptionBudget=PodDisruptionBudget rbac.authorization.k8s.io/v1/ClusterRole=ClusterRole
        rbac.authorization.k8s.io/v1/ClusterRoleBinding=ClusterRoleBinding rbac.authorization.k8s.io/v1/Role=Role
        rbac.authorization.k8s.io/v1/RoleBinding=RoleBinding scheduling.k8s.io/v1/PriorityClass=PriorityClass
        storage.k8s.io/v1/StorageClass=StorageClass
        """

    /// The fields of each type.
    static let fields = """
        AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID:s+ Affinity nodeAffinity:NodeAffinity
        podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity AggregationRule clusterRoleSelectors:[]LabelSelector
        ApiextensionsServiceReference name:s+ namespace:s+ path:s port:i ApiextensionsWebhookClientConfig caBundle:y
        service:ApiextensionsServiceReference url:s AppArmorProfile localhostProfile:s type:s+ AttachedVolume
        devicePath:s+ name:s+ AuditAnnotation key:s+ valueExpression:s+ AzureDiskVolumeSource cachingMode:s diskName:s+
        diskURI:s+ fsType:s kind:s readOnly:b AzureFileVolumeSource readOnly:b secretName:s+ shareName:s+
        CSIVolumeSource driver:s+ fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b volumeAttributes:{}s
        Capabilities add:[]s drop:[]s CephFSVolumeSource monitors:[]s+ path:s readOnly:b secretFile:s
        secretRef:LocalObjectReference user:s CinderVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference
        volumeID:s+ ClientIPConfig timeoutSeconds:i ClusterRole aggregationRule:AggregationRule apiVersion:s kind:s
        metadata:ObjectMeta rules:[]PolicyRule ClusterRoleBinding apiVersion:s kind:s metadata:ObjectMeta
        roleRef:RoleRef+ subjects:[]Subject ClusterTrustBundleProjection labelSelector:LabelSelector name:s optional:b
        path:s+ signerName:s Condition lastTransitionTime:t+ message:s+ observedGeneration:l reason:s+ status:s+ type:s+
        ConfigMap apiVersion:s binaryData:{}y data:{}s immutable:b kind:s metadata:ObjectMeta ConfigMapEnvSource name:s
        optional:b ConfigMapKeySelector! key:s+ name:s optional:b ConfigMapNodeConfigSource kubeletConfigKey:s+ name:s+
        namespace:s+ resourceVersion:s uid:s ConfigMapProjection items:[]KeyToPath name:s optional:b
        ConfigMapVolumeSource defaultMode:i items:[]KeyToPath name:s optional:b Container args:[]s command:[]s
        env:[name]EnvVar envFrom:[]EnvFromSource image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe
        name:s+ ports:[containerPort,protocol]ContainerPort readinessProbe:Probe resizePolicy:[]ContainerResizePolicy
        resources:ResourceRequirements restartPolicy:s restartPolicyRules:[]ContainerRestartRule
        securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b terminationMessagePath:s
        terminationMessagePolicy:s tty:b volumeDevices:[devicePath]VolumeDevice volumeMounts:[mountPath]VolumeMount
        workingDir:s ContainerExtendedResourceRequest containerName:s+ requestName:s+ resourceName:s+ ContainerImage
        names:[]s sizeBytes:l ContainerPort containerPort:i+ hostIP:s hostPort:i name:s protocol:s ContainerResizePolicy
        resourceName:s+ restartPolicy:s+ ContainerResourceMetricSource container:s+ name:s+ target:MetricTarget+
        ContainerResourceMetricStatus container:s+ current:MetricValueStatus+ name:s+ ContainerRestartRule action:s+
        exitCodes:ContainerRestartRuleOnExitCodes ContainerRestartRuleOnExitCodes operator:s+ values:[*]i ContainerState
        running:ContainerStateRunning terminated:ContainerStateTerminated waiting:ContainerStateWaiting
        ContainerStateRunning startedAt:t ContainerStateTerminated containerID:s exitCode:i+ finishedAt:t message:s
        reason:s signal:i startedAt:t ContainerStateWaiting message:s reason:s ContainerStatus allocatedResources:{}q
        allocatedResourcesStatus:[name]ResourceStatus containerID:s image:s+ imageID:s+ lastState:ContainerState name:s+
        ready:b+ resources:ResourceRequirements restartCount:i+ started:b state:ContainerState stopSignal:s
        user:ContainerUser volumeMounts:[mountPath]VolumeMountStatus ContainerUser linux:LinuxContainerUser
        ControllerRevision apiVersion:s data:o kind:s metadata:ObjectMeta revision:l+ CoreEndpointPort! appProtocol:s
        name:s port:i+ protocol:s CronJob apiVersion:s kind:s metadata:ObjectMeta spec:CronJobSpec+ status:CronJobStatus
        CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:JobTemplateSpec+ schedule:s+
        startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s CronJobStatus
        active:[]ObjectReference lastScheduleTime:t lastSuccessfulTime:t CrossVersionObjectReference apiVersion:s
        kind:s+ name:s+ CustomResourceColumnDefinition description:s format:s jsonPath:s+ name:s+ priority:i type:s+
        CustomResourceConversion strategy:s+ webhook:WebhookConversion CustomResourceDefinition apiVersion:s kind:s
        metadata:ObjectMeta spec:CustomResourceDefinitionSpec+ status:CustomResourceDefinitionStatus
        CustomResourceDefinitionCondition lastTransitionTime:t message:s observedGeneration:l reason:s status:s+ type:s+
        CustomResourceDefinitionNames categories:[]s kind:s+ listKind:s plural:s+ shortNames:[]s singular:s
        CustomResourceDefinitionSpec conversion:CustomResourceConversion group:s+ names:CustomResourceDefinitionNames+
        preserveUnknownFields:b scope:s+ versions:[]CustomResourceDefinitionVersion+ CustomResourceDefinitionStatus
        acceptedNames:CustomResourceDefinitionNames conditions:[type]CustomResourceDefinitionCondition
        observedGeneration:l storedVersions:[]s CustomResourceDefinitionVersion
        additionalPrinterColumns:[]CustomResourceColumnDefinition deprecated:b deprecationWarning:s name:s+
        schema:CustomResourceValidation selectableFields:[]SelectableField served:b+ storage:b+
        subresources:CustomResourceSubresources CustomResourceSubresourceScale labelSelectorPath:s specReplicasPath:s+
        statusReplicasPath:s+ CustomResourceSubresourceStatus CustomResourceSubresources
        scale:CustomResourceSubresourceScale status:CustomResourceSubresourceStatus CustomResourceValidation
        openAPIV3Schema:JSONSchemaProps DaemonEndpoint Port:i+ DaemonSet apiVersion:s kind:s metadata:ObjectMeta
        spec:DaemonSetSpec status:DaemonSetStatus DaemonSetCondition lastTransitionTime:t message:s reason:s status:s+
        type:s+ DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector:LabelSelector+ template:PodTemplateSpec+
        updateStrategy:DaemonSetUpdateStrategy DaemonSetStatus collisionCount:i conditions:[type]DaemonSetCondition
        currentNumberScheduled:i+ desiredNumberScheduled:i+ numberAvailable:i numberMisscheduled:i+ numberReady:i+
        numberUnavailable:i observedGeneration:l updatedNumberScheduled:i DaemonSetUpdateStrategy
        rollingUpdate:RollingUpdateDaemonSet type:s Deployment apiVersion:s kind:s metadata:ObjectMeta
        spec:DeploymentSpec status:DeploymentStatus DeploymentCondition lastTransitionTime:t lastUpdateTime:t message:s
        reason:s status:s+ type:s+ DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i
        revisionHistoryLimit:i selector:LabelSelector+ strategy:DeploymentStrategy template:PodTemplateSpec+
        DeploymentStatus availableReplicas:i collisionCount:i conditions:[type]DeploymentCondition observedGeneration:l
        readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i updatedReplicas:i DeploymentStrategy
        rollingUpdate:RollingUpdateDeployment type:s DownwardAPIProjection items:[]DownwardAPIVolumeFile
        DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path:s+ resourceFieldRef:ResourceFieldSelector
        DownwardAPIVolumeSource defaultMode:i items:[]DownwardAPIVolumeFile EmptyDirVolumeSource medium:s sizeLimit:q
        Endpoint addresses:[*]s+ conditions:EndpointConditions deprecatedTopology:{}s hints:EndpointHints hostname:s
        nodeName:s targetRef:ObjectReference zone:s EndpointAddress! hostname:s ip:s+ nodeName:s
        targetRef:ObjectReference EndpointConditions ready:b serving:b terminating:b EndpointHints forNodes:[]ForNode
        forZones:[]ForZone EndpointPort! appProtocol:s name:s port:i protocol:s EndpointSlice addressType:s+
        apiVersion:s endpoints:[]Endpoint kind:s metadata:ObjectMeta ports:[]EndpointPort EndpointSubset
        addresses:[]EndpointAddress notReadyAddresses:[]EndpointAddress ports:[]CoreEndpointPort Endpoints apiVersion:s
        kind:s metadata:ObjectMeta subsets:[]EndpointSubset EnvFromSource configMapRef:ConfigMapEnvSource prefix:s
        secretRef:SecretEnvSource EnvVar name:s+ value:s valueFrom:EnvVarSource EnvVarSource
        configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector
        resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector EphemeralContainer args:[]s command:[]s
        env:[name]EnvVar envFrom:[]EnvFromSource image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe
        name:s+ ports:[containerPort,protocol]ContainerPort readinessProbe:Probe resizePolicy:[]ContainerResizePolicy
        resources:ResourceRequirements restartPolicy:s restartPolicyRules:[]ContainerRestartRule
        securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b targetContainerName:s
        terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[devicePath]VolumeDevice
        volumeMounts:[mountPath]VolumeMount workingDir:s EphemeralVolumeSource
        volumeClaimTemplate:PersistentVolumeClaimTemplate Event action:s apiVersion:s count:i eventTime:t
        firstTimestamp:t involvedObject:ObjectReference+ kind:s lastTimestamp:t message:s metadata:ObjectMeta+ reason:s
        related:ObjectReference reportingComponent:s reportingInstance:s series:EventSeries source:EventSource type:s
        EventSeries count:i lastObservedTime:t EventSource component:s host:s EventsEvent action:s apiVersion:s
        deprecatedCount:i deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedSource:EventSource eventTime:t+
        kind:s metadata:ObjectMeta note:s reason:s regarding:ObjectReference related:ObjectReference
        reportingController:s reportingInstance:s series:EventsEventSeries type:s EventsEventSeries count:i+
        lastObservedTime:t+ ExecAction command:[]s ExpressionWarning fieldRef:s+ warning:s+ ExternalMetricSource
        metric:MetricIdentifier+ target:MetricTarget+ ExternalMetricStatus current:MetricValueStatus+
        metric:MetricIdentifier+ FCVolumeSource fsType:s lun:i readOnly:b targetWWNs:[]s wwids:[]s
        FieldSelectorAttributes rawSelector:s requirements:[]FieldSelectorRequirement FieldSelectorRequirement key:s+
        operator:s+ values:[]s FileKeySelector! key:s+ optional:b path:s+ volumeName:s+ FlexVolumeSource driver:s+
        fsType:s options:{}s readOnly:b secretRef:LocalObjectReference FlockerVolumeSource datasetName:s datasetUUID:s
        ForNode name:s+ ForZone name:s+ GCEPersistentDiskVolumeSource fsType:s partition:i pdName:s+ readOnly:b
        GRPCAction port:i+ service:s GitRepoVolumeSource directory:s repository:s+ revision:s GlusterfsVolumeSource
        endpoints:s+ path:s+ readOnly:b HPAScalingPolicy periodSeconds:i+ type:s+ value:i+ HPAScalingRules
        policies:[]HPAScalingPolicy selectPolicy:s stabilizationWindowSeconds:i tolerance:q HTTPGetAction host:s
        httpHeaders:[]HTTPHeader path:s port:x+ scheme:s HTTPHeader name:s+ value:s+ HTTPIngressPath
        backend:IngressBackend+ path:s pathType:s+ HTTPIngressRuleValue paths:[]HTTPIngressPath+ HorizontalPodAutoscaler
        apiVersion:s kind:s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec+ status:HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
        HorizontalPodAutoscalerCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
        HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas:i+ metrics:[]MetricSpec
        minReplicas:i scaleTargetRef:CrossVersionObjectReference+ HorizontalPodAutoscalerStatus
        conditions:[type]HorizontalPodAutoscalerCondition currentMetrics:[]MetricStatus currentReplicas:i
        desiredReplicas:i+ lastScaleTime:t observedGeneration:l HostAlias hostnames:[]s ip:s+ HostIP ip:s+
        HostPathVolumeSource path:s+ type:s IPBlock cidr:s+ except:[]s ISCSIVolumeSource chapAuthDiscovery:b
        chapAuthSession:b fsType:s initiatorName:s iqn:s+ iscsiInterface:s lun:i+ portals:[]s readOnly:b
        secretRef:LocalObjectReference targetPortal:s+ ImageVolumeSource pullPolicy:s reference:s ImageVolumeStatus
        imageRef:s+ Ingress apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec status:IngressStatus IngressBackend
        resource:TypedLocalObjectReference service:IngressServiceBackend IngressClass apiVersion:s kind:s
        metadata:ObjectMeta spec:IngressClassSpec IngressClassParametersReference apiGroup:s kind:s+ name:s+ namespace:s
        scope:s IngressClassSpec controller:s parameters:IngressClassParametersReference IngressLoadBalancerIngress
        hostname:s ip:s ports:[]IngressPortStatus IngressLoadBalancerStatus ingress:[]IngressLoadBalancerIngress
        IngressPortStatus error:s port:i+ protocol:s+ IngressRule host:s http:HTTPIngressRuleValue IngressServiceBackend
        name:s+ port:ServiceBackendPort IngressSpec defaultBackend:IngressBackend ingressClassName:s rules:[]IngressRule
        tls:[]IngressTLS IngressStatus loadBalancer:IngressLoadBalancerStatus IngressTLS hosts:[]s secretName:s
        JSONSchemaProps* Job apiVersion:s kind:s metadata:ObjectMeta spec:JobSpec status:JobStatus JobCondition
        lastProbeTime:t lastTransitionTime:t message:s reason:s status:s+ type:s+ JobSpec activeDeadlineSeconds:l
        backoffLimit:i backoffLimitPerIndex:i completionMode:s completions:i managedBy:s manualSelector:b
        maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy podReplacementPolicy:s selector:LabelSelector
        successPolicy:SuccessPolicy suspend:b template:PodTemplateSpec+ ttlSecondsAfterFinished:i JobStatus active:i
        completedIndexes:s completionTime:t conditions:[]JobCondition failed:i failedIndexes:s ready:i startTime:t
        succeeded:i terminating:i uncountedTerminatedPods:UncountedTerminatedPods JobTemplateSpec metadata:ObjectMeta
        spec:JobSpec KeyToPath key:s+ mode:i path:s+ LabelSelector! matchExpressions:[]LabelSelectorRequirement
        matchLabels:{}s LabelSelectorAttributes rawSelector:s requirements:[]LabelSelectorRequirement
        LabelSelectorRequirement key:s+ operator:s+ values:[]s Lease apiVersion:s kind:s metadata:ObjectMeta
        spec:LeaseSpec LeaseSpec acquireTime:t holderIdentity:s leaseDurationSeconds:i leaseTransitions:i
        preferredHolder:s renewTime:t strategy:s Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler
        stopSignal:s LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
        LimitRange apiVersion:s kind:s metadata:ObjectMeta spec:LimitRangeSpec LimitRangeItem default:{}q
        defaultRequest:{}q max:{}q maxLimitRequestRatio:{}q min:{}q type:s+ LimitRangeSpec limits:[]LimitRangeItem+
        LinuxContainerUser gid:l+ supplementalGroups:[]l uid:l+ LoadBalancerIngress hostname:s ip:s ipMode:s
        ports:[]PortStatus LoadBalancerStatus ingress:[]LoadBalancerIngress LocalObjectReference! name:s
        ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1:o manager:s operation:s subresource:s time:t
        MatchCondition expression:s+ name:s+ MatchResources! excludeResourceRules:[]NamedRuleWithOperations
        matchPolicy:s namespaceSelector:LabelSelector objectSelector:LabelSelector
        resourceRules:[]NamedRuleWithOperations MetricIdentifier name:s+ selector:LabelSelector MetricSpec
        containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource
        pods:PodsMetricSource resource:ResourceMetricSource type:s+ MetricStatus
        containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus object:ObjectMetricStatus
        pods:PodsMetricStatus resource:ResourceMetricStatus type:s+ MetricTarget averageUtilization:i averageValue:q
        type:s+ value:q MetricValueStatus averageUtilization:i averageValue:q value:q ModifyVolumeStatus status:s+
        targetVolumeAttributesClassName:s MutatingWebhook admissionReviewVersions:[]s+ clientConfig:WebhookClientConfig+
        failurePolicy:s matchConditions:[name]MatchCondition matchPolicy:s name:s+ namespaceSelector:LabelSelector
        objectSelector:LabelSelector reinvocationPolicy:s rules:[]RuleWithOperations sideEffects:s+ timeoutSeconds:i
        MutatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[name]MutatingWebhook
        NFSVolumeSource path:s+ readOnly:b server:s+ NamedRuleWithOperations! apiGroups:[]s apiVersions:[]s
        operations:[]s resourceNames:[]s resources:[]s scope:s Namespace apiVersion:s kind:s metadata:ObjectMeta
        spec:NamespaceSpec status:NamespaceStatus NamespaceCondition lastTransitionTime:t message:s reason:s status:s+
        type:s+ NamespaceSpec finalizers:[]s NamespaceStatus conditions:[type]NamespaceCondition phase:s NetworkPolicy
        apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec NetworkPolicyEgressRule ports:[]NetworkPolicyPort
        to:[]NetworkPolicyPeer NetworkPolicyIngressRule from:[]NetworkPolicyPeer ports:[]NetworkPolicyPort
        NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector NetworkPolicyPort
        endPort:i port:x protocol:s NetworkPolicySpec egress:[]NetworkPolicyEgressRule
        ingress:[]NetworkPolicyIngressRule podSelector:LabelSelector policyTypes:[]s Node apiVersion:s kind:s
        metadata:ObjectMeta spec:NodeSpec status:NodeStatus NodeAddress address:s+ type:s+ NodeAffinity
        preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
        requiredDuringSchedulingIgnoredDuringExecution:NodeSelector NodeAllocatableResourceClaimStatus containers:[*]s
        resourceClaimName:s+ resources:{}q+ NodeCondition lastHeartbeatTime:t lastTransitionTime:t message:s reason:s
        status:s+ type:s+ NodeConfigSource configMap:ConfigMapNodeConfigSource NodeConfigStatus active:NodeConfigSource
        assigned:NodeConfigSource error:s lastKnownGood:NodeConfigSource NodeDaemonEndpoints
        kubeletEndpoint:DaemonEndpoint NodeFeatures supplementalGroupsPolicy:b NodeRuntimeHandler
        features:NodeRuntimeHandlerFeatures name:s NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:b userNamespaces:b
        NodeSelector! nodeSelectorTerms:[]NodeSelectorTerm+ NodeSelectorRequirement key:s+ operator:s+ values:[]s
        NodeSelectorTerm! matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement NodeSpec
        configSource:NodeConfigSource externalID:s podCIDR:s podCIDRs:[*]s providerID:s taints:[]Taint unschedulable:b
        NodeStatus addresses:[type]NodeAddress allocatable:{}q capacity:{}q conditions:[type]NodeCondition
        config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints declaredFeatures:[]s features:NodeFeatures
        images:[]ContainerImage nodeInfo:NodeSystemInfo phase:s runtimeHandlers:[]NodeRuntimeHandler
        volumesAttached:[]AttachedVolume volumesInUse:[]s NodeSwapStatus capacity:l NodeSystemInfo architecture:s+
        bootID:s+ containerRuntimeVersion:s+ kernelVersion:s+ kubeProxyVersion:s+ kubeletVersion:s+ machineID:s+
        operatingSystem:s+ osImage:s+ swap:NodeSwapStatus systemUUID:s+ NonResourceAttributes path:s verb:s
        NonResourceRule nonResourceURLs:[]s verbs:[]s+ ObjectFieldSelector! apiVersion:s fieldPath:s+ ObjectMeta
        annotations:{}s creationTimestamp:t deletionGracePeriodSeconds:l deletionTimestamp:t finalizers:[*]s
        generateName:s generation:l labels:{}s managedFields:[]ManagedFieldsEntry name:s namespace:s
        ownerReferences:[uid]OwnerReference resourceVersion:s selfLink:s uid:s ObjectMetricSource
        describedObject:CrossVersionObjectReference+ metric:MetricIdentifier+ target:MetricTarget+ ObjectMetricStatus
        current:MetricValueStatus+ describedObject:CrossVersionObjectReference+ metric:MetricIdentifier+
        ObjectReference! apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s OwnerReference!
        apiVersion:s+ blockOwnerDeletion:b controller:b kind:s+ name:s+ uid:s+ ParamKind! apiVersion:s kind:s ParamRef!
        name:s namespace:s parameterNotFoundAction:s selector:LabelSelector PersistentVolumeClaim apiVersion:s kind:s
        metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
        PersistentVolumeClaimCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status:s+ type:s+
        PersistentVolumeClaimSpec accessModes:[]s dataSource:TypedLocalObjectReference
        dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector
        storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s PersistentVolumeClaimStatus
        accessModes:[]s allocatedResourceStatuses:{}s allocatedResources:{}q capacity:{}q
        conditions:[type]PersistentVolumeClaimCondition currentVolumeAttributesClassName:s
        modifyVolumeStatus:ModifyVolumeStatus phase:s PersistentVolumeClaimTemplate metadata:ObjectMeta
        spec:PersistentVolumeClaimSpec+ PersistentVolumeClaimVolumeSource claimName:s+ readOnly:b
        PhotonPersistentDiskVolumeSource fsType:s pdID:s+ Pod apiVersion:s kind:s metadata:ObjectMeta spec:PodSpec
        status:PodStatus PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
        requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PodAffinityTerm labelSelector:LabelSelector
        matchLabelKeys:[]s mismatchLabelKeys:[]s namespaceSelector:LabelSelector namespaces:[]s topologyKey:s+
        PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
        requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PodCertificateProjection certificateChainPath:s
        credentialBundlePath:s keyPath:s keyType:s+ maxExpirationSeconds:i signerName:s+ userAnnotations:{}s
        PodCondition lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s status:s+ type:s+
        PodDNSConfig nameservers:[]s options:[]PodDNSConfigOption searches:[]s PodDNSConfigOption name:s value:s
        PodDisruptionBudget apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec
        status:PodDisruptionBudgetStatus PodDisruptionBudgetSpec maxUnavailable:x minAvailable:x selector:LabelSelector
        unhealthyPodEvictionPolicy:s PodDisruptionBudgetStatus conditions:[type]Condition currentHealthy:i
        desiredHealthy:i disruptedPods:{}t disruptionsAllowed:i expectedPods:i observedGeneration:l
        PodExtendedResourceClaimStatus requestMappings:[]ContainerExtendedResourceRequest+ resourceClaimName:s+
        PodFailurePolicy rules:[]PodFailurePolicyRule+ PodFailurePolicyOnExitCodesRequirement containerName:s
        operator:s+ values:[*]i+ PodFailurePolicyOnPodConditionsPattern status:s type:s+ PodFailurePolicyRule action:s+
        onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[]PodFailurePolicyOnPodConditionsPattern
        PodIP ip:s+ PodOS name:s+ PodReadinessGate conditionType:s+ PodResourceClaim name:s+ resourceClaimName:s
        resourceClaimTemplateName:s PodResourceClaimStatus name:s+ resourceClaimName:s PodSchedulingGate name:s+
        PodSchedulingGroup podGroupName:s PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:l
        fsGroupChangePolicy:s runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s
        seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[]l supplementalGroupsPolicy:s
        sysctls:[]Sysctl windowsOptions:WindowsSecurityContextOptions PodSpec activeDeadlineSeconds:l affinity:Affinity
        automountServiceAccountToken:b containers:[name]Container+ dnsConfig:PodDNSConfig dnsPolicy:s
        enableServiceLinks:b ephemeralContainers:[name]EphemeralContainer hostAliases:[ip]HostAlias hostIPC:b
        hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[name]LocalObjectReference
        initContainers:[name]Container nodeName:s nodeSelector:!{}s os:PodOS overhead:{}q preemptionPolicy:s priority:i
        priorityClassName:s readinessGates:[]PodReadinessGate resourceClaims:[name]PodResourceClaim
        resources:ResourceRequirements restartPolicy:s runtimeClassName:s schedulerName:s
        schedulingGates:[name]PodSchedulingGate schedulingGroup:PodSchedulingGroup securityContext:PodSecurityContext
        serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s
        terminationGracePeriodSeconds:l tolerations:[]Toleration
        topologySpreadConstraints:[topologyKey,whenUnsatisfiable]TopologySpreadConstraint volumes:[name]Volume PodStatus
        allocatedResources:{}q conditions:[type]PodCondition containerStatuses:[]ContainerStatus
        ephemeralContainerStatuses:[]ContainerStatus extendedResourceClaimStatus:PodExtendedResourceClaimStatus hostIP:s
        hostIPs:[]HostIP initContainerStatuses:[]ContainerStatus message:s
        nodeAllocatableResourceClaimStatuses:[]NodeAllocatableResourceClaimStatus nominatedNodeName:s
        observedGeneration:l phase:s podIP:s podIPs:[ip]PodIP qosClass:s reason:s resize:s
        resourceClaimStatuses:[name]PodResourceClaimStatus resources:ResourceRequirements startTime:t PodTemplateSpec
        metadata:ObjectMeta spec:PodSpec PodsMetricSource metric:MetricIdentifier+ target:MetricTarget+ PodsMetricStatus
        current:MetricValueStatus+ metric:MetricIdentifier+ PolicyRule apiGroups:[]s nonResourceURLs:[]s
        resourceNames:[]s resources:[]s verbs:[]s+ PortStatus error:s port:i+ protocol:s+ PortworxVolumeSource fsType:s
        readOnly:b volumeID:s+ PreferredSchedulingTerm preference:NodeSelectorTerm+ weight:i+ PriorityClass apiVersion:s
        description:s globalDefault:b kind:s metadata:ObjectMeta preemptionPolicy:s value:i Probe exec:ExecAction
        failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i periodSeconds:i
        successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:l timeoutSeconds:i
        ProjectedVolumeSource defaultMode:i sources:[]VolumeProjection QuobyteVolumeSource group:s readOnly:b
        registry:s+ tenant:s user:s volume:s+ RBDVolumeSource fsType:s image:s+ keyring:s monitors:[]s+ pool:s
        readOnly:b secretRef:LocalObjectReference user:s ReplicaSet apiVersion:s kind:s metadata:ObjectMeta
        spec:ReplicaSetSpec status:ReplicaSetStatus ReplicaSetCondition lastTransitionTime:t message:s reason:s
        status:s+ type:s+ ReplicaSetSpec minReadySeconds:i replicas:i selector:LabelSelector+ template:PodTemplateSpec
        ReplicaSetStatus availableReplicas:i conditions:[type]ReplicaSetCondition fullyLabeledReplicas:i
        observedGeneration:l readyReplicas:i replicas:i+ terminatingReplicas:i ResourceAttributes
        fieldSelector:FieldSelectorAttributes group:s labelSelector:LabelSelectorAttributes name:s namespace:s
        resource:s subresource:s verb:s version:s ResourceClaim name:s+ request:s ResourceFieldSelector! containerName:s
        divisor:q resource:s+ ResourceHealth health:s message:s resourceID:s+ ResourceMetricSource name:s+
        target:MetricTarget+ ResourceMetricStatus current:MetricValueStatus+ name:s+ ResourceQuota apiVersion:s kind:s
        metadata:ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus ResourceQuotaSpec hard:{}q
        scopeSelector:ScopeSelector scopes:[]s ResourceQuotaStatus hard:{}q used:{}q ResourceRequirements
        claims:[name]ResourceClaim limits:{}q requests:{}q ResourceRule apiGroups:[]s resourceNames:[]s resources:[]s
        verbs:[]s+ ResourceStatus name:s+ resources:[resourceID]ResourceHealth Role apiVersion:s kind:s
        metadata:ObjectMeta rules:[]PolicyRule RoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:RoleRef+
        subjects:[]Subject RoleRef! apiGroup:s kind:s+ name:s+ RollingUpdateDaemonSet maxSurge:x maxUnavailable:x
        RollingUpdateDeployment maxSurge:x maxUnavailable:x RollingUpdateStatefulSetStrategy maxUnavailable:x
        partition:i RuleWithOperations apiGroups:[]s apiVersions:[]s operations:[]s resources:[]s scope:s SELinuxOptions
        level:s role:s type:s user:s ScaleIOVolumeSource fsType:s gateway:s+ protectionDomain:s readOnly:b
        secretRef:LocalObjectReference+ sslEnabled:b storageMode:s storagePool:s system:s+ volumeName:s ScopeSelector!
        matchExpressions:[]ScopedResourceSelectorRequirement ScopedResourceSelectorRequirement operator:s+ scopeName:s+
        values:[]s SeccompProfile localhostProfile:s type:s+ Secret apiVersion:s data:{}y immutable:b kind:s
        metadata:ObjectMeta stringData:{}s type:s SecretEnvSource name:s optional:b SecretKeySelector! key:s+ name:s
        optional:b SecretProjection items:[]KeyToPath name:s optional:b SecretVolumeSource defaultMode:i
        items:[]KeyToPath optional:b secretName:s SecurityContext allowPrivilegeEscalation:b
        appArmorProfile:AppArmorProfile capabilities:Capabilities privileged:b procMount:s readOnlyRootFilesystem:b
        runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
        windowsOptions:WindowsSecurityContextOptions SelectableField jsonPath:s+ SelfSubjectAccessReview apiVersion:s
        kind:s metadata:ObjectMeta spec:SelfSubjectAccessReviewSpec+ status:SubjectAccessReviewStatus
        SelfSubjectAccessReviewSpec nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes
        SelfSubjectReview apiVersion:s kind:s metadata:ObjectMeta status:SelfSubjectReviewStatus SelfSubjectReviewStatus
        userInfo:UserInfo SelfSubjectRulesReview apiVersion:s kind:s metadata:ObjectMeta
        spec:SelfSubjectRulesReviewSpec+ status:SubjectRulesReviewStatus SelfSubjectRulesReviewSpec namespace:s Service
        apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus ServiceAccount apiVersion:s
        automountServiceAccountToken:b imagePullSecrets:[]LocalObjectReference kind:s metadata:ObjectMeta
        secrets:[name]ObjectReference ServiceAccountTokenProjection audience:s expirationSeconds:l path:s+
        ServiceBackendPort! name:s number:i ServicePort appProtocol:s name:s nodePort:i port:i+ protocol:s targetPort:x
        ServiceReference name:s+ namespace:s+ path:s port:i ServiceSpec allocateLoadBalancerNodePorts:b clusterIP:s
        clusterIPs:[]s externalIPs:[]s externalName:s externalTrafficPolicy:s healthCheckNodePort:i
        internalTrafficPolicy:s ipFamilies:[]s ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s
        loadBalancerSourceRanges:[]s ports:[port,protocol]ServicePort publishNotReadyAddresses:b selector:!{}s
        sessionAffinity:s sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s type:s ServiceStatus
        conditions:[type]Condition loadBalancer:LoadBalancerStatus SessionAffinityConfig clientIP:ClientIPConfig
        SleepAction seconds:l+ StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:StatefulSetSpec
        status:StatefulSetStatus StatefulSetCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
        StatefulSetOrdinals start:i StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
        StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals
        persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s
        replicas:i revisionHistoryLimit:i selector:LabelSelector+ serviceName:s template:PodTemplateSpec+
        updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[]PersistentVolumeClaim StatefulSetStatus
        availableReplicas:i collisionCount:i conditions:[type]StatefulSetCondition currentReplicas:i currentRevision:s
        observedGeneration:l readyReplicas:i replicas:i+ updateRevision:s updatedReplicas:i StatefulSetUpdateStrategy
        rollingUpdate:RollingUpdateStatefulSetStrategy type:s StorageClass allowVolumeExpansion:b
        allowedTopologies:[]TopologySelectorTerm apiVersion:s kind:s metadata:ObjectMeta mountOptions:[]s parameters:{}s
        provisioner:s+ reclaimPolicy:s volumeBindingMode:s StorageOSVolumeSource fsType:s readOnly:b
        secretRef:LocalObjectReference volumeName:s volumeNamespace:s Subject! apiGroup:s kind:s+ name:s+ namespace:s
        SubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:SubjectAccessReviewSpec+
        status:SubjectAccessReviewStatus SubjectAccessReviewSpec extra:{}[]s groups:[]s
        nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes uid:s user:s
        SubjectAccessReviewStatus allowed:b+ denied:b evaluationError:s reason:s SubjectRulesReviewStatus
        evaluationError:s incomplete:b+ nonResourceRules:[]NonResourceRule+ resourceRules:[]ResourceRule+ SuccessPolicy
        rules:[]SuccessPolicyRule+ SuccessPolicyRule succeededCount:i succeededIndexes:s Sysctl name:s+ value:s+
        TCPSocketAction host:s port:x+ Taint effect:s+ key:s+ timeAdded:t value:s TokenReview apiVersion:s kind:s
        metadata:ObjectMeta spec:TokenReviewSpec+ status:TokenReviewStatus TokenReviewSpec audiences:[]s token:s+
        TokenReviewStatus audiences:[]s authenticated:b error:s user:UserInfo Toleration effect:s key:s operator:s
        tolerationSeconds:l value:s TopologySelectorLabelRequirement key:s+ values:[]s+ TopologySelectorTerm!
        matchLabelExpressions:[]TopologySelectorLabelRequirement TopologySpreadConstraint labelSelector:LabelSelector
        matchLabelKeys:[]s maxSkew:i+ minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:s+
        whenUnsatisfiable:s+ TypeChecking expressionWarnings:[]ExpressionWarning TypedLocalObjectReference! apiGroup:s
        kind:s+ name:s+ TypedObjectReference apiGroup:s kind:s+ name:s+ namespace:s UncountedTerminatedPods failed:[*]s
        succeeded:[*]s UserInfo extra:{}[]s groups:[]s uid:s username:s ValidatingAdmissionPolicy apiVersion:s kind:s
        metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec status:ValidatingAdmissionPolicyStatus
        ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:ObjectMeta
        spec:ValidatingAdmissionPolicyBindingSpec+ ValidatingAdmissionPolicyBindingSpec matchResources:MatchResources
        paramRef:ParamRef policyName:s+ validationActions:[*]s+ ValidatingAdmissionPolicySpec
        auditAnnotations:[]AuditAnnotation failurePolicy:s matchConditions:[name]MatchCondition
        matchConstraints:MatchResources paramKind:ParamKind validations:[]Validation variables:[name]Variable
        ValidatingAdmissionPolicyStatus conditions:[type]Condition observedGeneration:l typeChecking:TypeChecking
        ValidatingWebhook admissionReviewVersions:[]s+ clientConfig:WebhookClientConfig+ failurePolicy:s
        matchConditions:[name]MatchCondition matchPolicy:s name:s+ namespaceSelector:LabelSelector
        objectSelector:LabelSelector rules:[]RuleWithOperations sideEffects:s+ timeoutSeconds:i
        ValidatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[name]ValidatingWebhook
        Validation expression:s+ message:s messageExpression:s reason:s Variable! expression:s+ name:s+ Volume
        awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource
        azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource
        configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
        emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource
        flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource
        glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource iscsi:ISCSIVolumeSource
        name:s+ nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
        photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
        projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource
        secret:SecretVolumeSource storageos:StorageOSVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource
        VolumeDevice devicePath:s+ name:s+ VolumeMount mountPath:s+ mountPropagation:s name:s+ readOnly:b
        recursiveReadOnly:s subPath:s subPathExpr:s VolumeMountStatus mountPath:s+ name:s+ readOnly:b
        recursiveReadOnly:s volumeStatus:VolumeStatus VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection
        configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection
        secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection VolumeResourceRequirements limits:{}q
        requests:{}q VolumeStatus image:ImageVolumeStatus VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s
        storagePolicyName:s volumePath:s+ WebhookClientConfig caBundle:y service:ServiceReference url:s
        WebhookConversion clientConfig:ApiextensionsWebhookClientConfig conversionReviewVersions:[]s+
        WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm+ weight:i+ WindowsSecurityContextOptions
        gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s
        """
}
