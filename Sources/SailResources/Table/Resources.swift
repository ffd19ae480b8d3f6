/// The resources themselves. TableReader says how a line is read.
let resourceTable = #"""
    type Istio
      spec IstioSpec = fields | What is wanted of the control plane.
      status IstioStatus | What was found of the control plane.

    type IstioSpec istioNamespaceFits
      namespace! string = "istio-system" immutable | The namespace of istiod. It cannot be changed.
      profile (ambient,default,demo,empty,external,openshift,openshift-ambient,preview,remote,stable) | The set of values that lies beneath values. Ambient mode needs ambient, or openshift-ambient on OpenShift.
      updateStrategy UpdateStrategy = fields | How another version is brought in.
      values IstioValues | Values of the charts base and istiod.
      version! version = newest | The version of istiod: a release such as v1.30.3, or v1.30-latest for the newest patch of a minor.

    type UpdateStrategy
      inactiveRevisionDeletionGracePeriodSeconds int64 >= 0 | How long an unused revision is kept, 30 by default. RevisionBased alone reads it.
      type (InPlace,RevisionBased) = "InPlace" | InPlace replaces the control plane; RevisionBased starts a second one beside it.
      updateWorkloads bool | Has no effect.

    type IstioStatus
      activeRevisionName string | The IstioRevision that new workloads get.
      conditions [StatusCondition] | What was found, one entry for each type.
      observedGeneration int64 | The generation of the resource that this status speaks of.
      revisions RevisionCounts | How many revisions there are.
      state string | Healthy, or the reason of the first condition that is not True.

    type RevisionCounts
      inUse! int32 | Revisions that workloads refer to; -1 where that is not known.
      ready! int32 | Revisions that are ready; -1 where that is not known.
      total! int32 | All revisions; -1 where that is not known.

    type IstioCNI nameIsDefault
      spec IstioCNISpec = fields | What is wanted of the node agent.
      status ComponentStatus | What was found of the node agent.

    type IstioCNISpec
      namespace! string = "istio-cni" immutable | The namespace of the DaemonSet istio-cni-node. It cannot be changed.
      profile (ambient,default,demo,empty,external,openshift,openshift-ambient,preview,remote,stable) | The set of values that lies beneath values. Ambient mode needs ambient, or openshift-ambient on OpenShift.
      values IstioCNIValues | Values of the chart cni.
      version! version = newest | The version of the node agent: a release such as v1.30.3, or v1.30-latest for the newest patch of a minor.

    type ComponentStatus
      conditions [StatusCondition] | What was found, one entry for each type.
      observedGeneration int64 | The generation of the resource that this status speaks of.
      state string | Healthy, or the reason of the first condition that is not True.

    type ZTunnel nameIsDefault
      spec ZTunnelSpec = fields | What is wanted of ztunnel.
      status ZTunnelStatus | What was found of ztunnel.

    type ZTunnelSpec
      namespace! string = "ztunnel" | The namespace of the DaemonSet ztunnel. istiod must trust it: values.pilot.trustedZtunnelNamespace of the Istio resource.
      targetRef TargetReference | The control plane whose meshConfig, global values and revision ztunnel takes over. Without it ztunnel takes over nothing.
      values ZTunnelValues | Values of the chart ztunnel. What targetRef brings lies beneath them.
      version! version = newest | The version of ztunnel: a release such as v1.30.3, or v1.30-latest for the newest patch of a minor.

    type ZTunnelStatus
      conditions [StatusCondition] | What was found, one entry for each type.
      istioRevision string | The IstioRevision that targetRef leads to.
      observedGeneration int64 | The generation of the resource that this status speaks of.
      state string | Healthy, or the reason of the first condition that is not True.

    type ZTunnelAlpha nameIsDefault
      spec ZTunnelAlphaSpec = fields | What is wanted of ztunnel.
      status ComponentStatus | What was found of ztunnel.

    type ZTunnelAlphaSpec
      namespace! string = "ztunnel" | The namespace of the DaemonSet ztunnel.
      profile (ambient,default,demo,empty,external,openshift-ambient,openshift,preview,remote,stable) = "ambient" | The set of values that lies beneath values. v1 has no such field: there it is always ambient.
      values ZTunnelValues | Values of the chart ztunnel.
      version! version = newest | The version of ztunnel: a release such as v1.30.3, or v1.30-latest for the newest patch of a minor.

    type TargetReference
      kind! (Istio,IstioRevision) | Istio or IstioRevision.
      name! string length<= 253 | The name of that resource.

    type IstioRevision revisionIsName
      spec IstioRevisionSpec | What is wanted of this control plane.
      status ComponentStatus | What was found of this control plane.

    type IstioRevisionSpec istioNamespaceIsGiven
      namespace! string immutable | The namespace of its istiod. It cannot be changed.
      values IstioValues | Values of the chart istiod, complete.
      version! version | The version of istiod: a release such as v1.30.3.

    type IstioRevisionTag
      spec IstioRevisionTagSpec | What the tag stands for.
      status IstioRevisionTagStatus | What was found.

    type IstioRevisionTagSpec
      targetRef! TargetReference | The Istio or IstioRevision that the tag stands for.

    type IstioRevisionTagStatus
      conditions [StatusCondition] | What was found, one entry for each type.
      istioRevision! string | The IstioRevision that targetRef leads to.
      istiodNamespace! string | The namespace of its istiod.
      observedGeneration int64 | The generation of the resource that this status speaks of.
      state string | Healthy, or the reason of the first condition that is not True.

    type StatusCondition
      lastTransitionTime time | When the status of the condition last changed.
      message string | What was found, for people.
      reason string | What was found, as one word.
      status string | True, False or Unknown.
      type string | What the condition speaks of: Reconciled, Ready, ….
    """#
