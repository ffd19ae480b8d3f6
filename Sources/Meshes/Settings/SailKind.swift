import Istio
import Values

/// A kind of the Sail Operator that speaks for components of the mesh.
struct SailKind {
    typealias Fields = [String: FieldType]

    let name: String
    let components: Set<Component>
    /// The namespace where its resource names none.
    let namespace: String
    let versions: [String]
    /// The value that makes the mesh ambient without a profile.
    let ambientValue: (path: [String], value: Value)
    let fields: Fields
    /// The sections of its values, each with its keys; without any where the chart's schema alone knows them.
    let values: [String: Fields]

    static let group = "sailoperator.io"
    /// Kinds of revisions, which are no part of sail.
    static let revisions = ["IstioRevision", "IstioRevisionTag"]

    static let all = [
        SailKind(
            name: "Istio", components: [.base, .istiod], namespace: "istio-system", versions: ["v1"],
            ambientValue: (["profile"], "ambient"),
            fields: [
                "version": .string, "namespace": .string, "profile": profile, "values": .map, "updateStrategy": .map,
            ],
            values: typed(
                (
                    [
                        "base", "compatibilityVersion", "defaultRevision", "experimental", "gatewayClasses",
                        "istiodRemote", "meshConfig", "profile", "revision", "sidecarInjectorWebhook", "telemetry",
                    ], [:]
                ), (["pilot"], pilot), (["global"], global))),
        SailKind(
            name: "IstioCNI", components: [.cni], namespace: "istio-cni", versions: ["v1"],
            ambientValue: (["cni", "ambient", "enabled"], true),
            fields: ["version": .string, "namespace": .string, "profile": profile, "values": .map],
            values: ["cni": cni, "global": shared.merging(["nativeNftables": .bool]) { $1 }]),
        SailKind(
            name: "ZTunnel", components: [.ztunnel], namespace: "ztunnel", versions: ["v1", "v1alpha1"],
            ambientValue: (["profile"], "ambient"),
            fields: ["version": .string, "namespace": .string, "targetRef": .map, "values": .map],
            values: ["ztunnel": ztunnel, "global": shared]),
    ]

    var isControlPlane: Bool { components.contains(.istiod) }

    var indefinite: String { (name.hasPrefix("I") ? "an " : "a ") + name }

    func isAmbient(_ values: Mapping) -> Bool { values.value(at: ambientValue.path) == ambientValue.value }
}

// MARK: keys of the values

extension SailKind {
    private static let profile = FieldType.oneOf(ResourceProfile.known)
    private static let pullPolicy = FieldType.oneOf(["Always", "IfNotPresent", "Never"])

    /// The same for each of the names.
    private static func typed<Kind>(_ groups: ([String], Kind)...) -> [String: Kind] {
        Dictionary(groups.flatMap { names, kind in names.map { ($0, kind) } }) { $1 }
    }

    /// What the two smaller kinds know of `global`.
    private static let shared: Fields = typed(
        (["defaultResources", "logging"], .map), (["hub", "platform", "tag", "variant"], .string),
        (["imagePullPolicy"], pullPolicy), (["imagePullSecrets"], .list), (["logAsJson"], .bool))

    private static let cni: Fields = typed(
        (
            [
                "affinity", "ambient", "logging", "repair", "resource_quotas", "resources", "seccompProfile",
            ], .map
        ), (["daemonSetLabels", "env", "podAnnotations", "podLabels"], .texts),
        (["chained", "istioOwnedCNIConfig", "privileged", "useAppArmorAnnotation"], .bool),
        (
            [
                "cniBinDir", "cniConfDir", "cniConfFileName", "cniNetnsDir", "hub", "image",
                "istioOwnedCNIConfigFileName", "provider", "psp_cluster_role", "tag", "variant",
            ], .string
        ), (["excludeNamespaces"], .list), (["pullPolicy"], pullPolicy), (["rollingMaxUnavailable"], .any))

    /// `labels` and `annotations` are `Labels` and `Annotations` up to 1.30.3, which no chart reads.
    private static let ztunnel: Fields = typed(
        (
            [
                "affinity", "dnsConfig", "multiCluster", "peerCaCrl", "resourceQuotas", "resources", "seLinuxOptions",
                "updateStrategy",
            ], .map
        ),
        (
            [
                "Annotations", "Labels", "annotations", "env", "labels", "nodeSelector", "podAnnotations", "podLabels",
            ], .texts
        ),
        (
            [
                "caAddress", "hub", "image", "istioNamespace", "network", "resourceName", "revision", "tag", "variant",
                "xdsAddress",
            ], .string
        ), (["imagePullSecrets", "tolerations", "volumeMounts", "volumes"], .list), (["logAsJson"], .bool),
        (["dnsPolicy"], .oneOf(["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])),
        (["imagePullPolicy"], pullPolicy), (["logLevel"], .oneOf(["trace", "debug", "info", "warn", "error"])),
        (["terminationGracePeriodSeconds"], .count(0)))

    /// `trustedZtunnelName` is known from 1.31.
    private static let pilot: Fields = typed(
        (
            [
                "affinity", "autoscaleBehavior", "cni", "cpu", "istiodRemote", "memory", "resources", "seccompProfile",
                "taint",
            ], .map
        ),
        (
            [
                "deploymentLabels", "env", "nodeSelector", "podAnnotations", "podLabels", "serviceAccountAnnotations",
                "serviceAnnotations",
            ], .texts
        ), (["autoscaleEnabled", "configMap", "enabled"], .bool),
        (["autoscaleMax", "autoscaleMin", "replicaCount"], .count(0)),
        (
            [
                "crlConfigMapName", "hub", "image", "ipFamilyPolicy", "jwksResolverExtraRootCA",
                "keepaliveMaxServerConnectionAge", "tag", "trustedZtunnelName", "trustedZtunnelNamespace", "variant",
            ], .string
        ),
        (
            [
                "envVarFrom", "extraContainerArgs", "ipFamilies", "tolerations", "topologySpreadConstraints",
                "volumeMounts", "volumes",
            ], .list
        ), (["rollingMaxSurge", "rollingMaxUnavailable", "traceSampling"], .any))

    private static let global: Fields = typed(
        (
            [
                "agentgateway", "arch", "defaultPodDisruptionBudget", "defaultResources", "istiod", "logging",
                "meshNetworks", "multiCluster", "networkPolicy", "proxy", "proxy_init", "sds", "sts", "tracer",
                "waypoint",
            ], .map
        ), (["defaultNodeSelector"], .texts),
        (
            [
                "caAddress", "caName", "hub", "ipFamilyPolicy", "istioNamespace", "jwtPolicy", "meshID", "network",
                "pilotCertProvider", "platform", "priorityClassName", "remotePilotAddress", "revision", "tag",
                "trustBundleName", "variant",
            ], .string
        ),
        (["certSigners", "defaultTolerations", "imagePullSecrets", "ipFamilies", "podDNSSearchNamespaces"], .list),
        (
            [
                "configCluster", "configValidation", "enableReaderRBAC", "externalIstiod", "logAsJson",
                "mountMtlsCerts", "nativeNftables", "omitSidecarInjectorConfigMap", "operatorManageWebhooks",
            ], .bool
        ), (["imagePullPolicy"], pullPolicy),
        (["resourceScope"], .oneOf(["undefined", "all", "cluster", "namespace"])))
}
