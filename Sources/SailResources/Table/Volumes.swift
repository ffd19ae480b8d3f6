/// Kubernetes' volumes. TableReader says how a line is read.
let volumeTable = #"""
    type Volume | Volume of core/v1: kubectl explain pod.spec.volumes.
      awsElasticBlockStore AWSElasticBlockStoreVolume
      azureDisk AzureDiskVolume
      azureFile AzureFileVolume
      cephfs CephFSVolume
      cinder CinderVolume
      configMap ConfigMapVolume
      csi CSIVolume
      downwardAPI DownwardAPIVolume
      emptyDir EmptyDirVolume
      ephemeral EphemeralVolume
      fc FCVolume
      flexVolume FlexVolume
      flocker FlockerVolume
      gcePersistentDisk GCEPersistentDiskVolume
      gitRepo GitRepoVolume
      glusterfs GlusterfsVolume
      hostPath HostPathVolume
      image ImageVolume
      iscsi ISCSIVolume
      name! string
      nfs NFSVolume
      persistentVolumeClaim PersistentVolumeClaimVolume
      photonPersistentDisk PhotonPersistentDiskVolume
      portworxVolume PortworxVolume
      projected ProjectedVolume
      quobyte QuobyteVolume
      rbd RBDVolume
      scaleIO ScaleIOVolume
      secret SecretVolume
      storageos StorageOSVolume
      vsphereVolume VsphereVolume

    type AWSElasticBlockStoreVolume
      fsType string
      partition int32
      readOnly bool
      volumeID! string

    type AzureDiskVolume
      cachingMode string
      diskName! string
      diskURI! string
      fsType string = "ext4"
      kind string
      readOnly bool = false

    type AzureFileVolume
      readOnly bool
      secretName! string
      shareName! string

    type CephFSVolume
      monitors! [string] atomic
      path string
      readOnly bool
      secretFile string
      secretRef LocalObjectReference
      user string

    type CinderVolume
      fsType string
      readOnly bool
      secretRef LocalObjectReference
      volumeID! string

    type ConfigMapVolume atomic
      defaultMode int32
      items [KeyToPath] atomic
      name string = ""
      optional bool

    type CSIVolume
      driver! string
      fsType string
      nodePublishSecretRef LocalObjectReference
      readOnly bool
      volumeAttributes {string}

    type DownwardAPIVolume
      defaultMode int32
      items [DownwardAPIVolumeFile] atomic

    type EmptyDirVolume
      medium string
      sizeLimit quantity

    type EphemeralVolume
      volumeClaimTemplate PersistentVolumeClaimTemplate

    type FCVolume
      fsType string
      lun int32
      readOnly bool
      targetWWNs [string] atomic
      wwids [string] atomic

    type FlexVolume
      driver! string
      fsType string
      options {string}
      readOnly bool
      secretRef LocalObjectReference

    type FlockerVolume
      datasetName string
      datasetUUID string

    type GCEPersistentDiskVolume
      fsType string
      partition int32
      pdName! string
      readOnly bool

    type GitRepoVolume
      directory string
      repository! string
      revision string

    type GlusterfsVolume
      endpoints! string
      path! string
      readOnly bool

    type HostPathVolume
      path! string
      type string

    type ImageVolume
      pullPolicy string
      reference string

    type ISCSIVolume
      chapAuthDiscovery bool
      chapAuthSession bool
      fsType string
      initiatorName string
      iqn! string
      iscsiInterface string = "default"
      lun! int32
      portals [string] atomic
      readOnly bool
      secretRef LocalObjectReference
      targetPortal! string

    type NFSVolume
      path! string
      readOnly bool
      server! string

    type PersistentVolumeClaimVolume
      claimName! string
      readOnly bool

    type PhotonPersistentDiskVolume
      fsType string
      pdID! string

    type PortworxVolume
      fsType string
      readOnly bool
      volumeID! string

    type ProjectedVolume
      defaultMode int32
      sources [VolumeProjection] atomic

    type QuobyteVolume
      group string
      readOnly bool
      registry! string
      tenant string
      user string
      volume! string

    type RBDVolume
      fsType string
      image! string
      keyring string = "/etc/ceph/keyring"
      monitors! [string] atomic
      pool string = "rbd"
      readOnly bool
      secretRef LocalObjectReference
      user string = "admin"

    type ScaleIOVolume
      fsType string = "xfs"
      gateway! string
      protectionDomain string
      readOnly bool
      secretRef! LocalObjectReference
      sslEnabled bool
      storageMode string = "ThinProvisioned"
      storagePool string
      system! string
      volumeName string

    type SecretVolume
      defaultMode int32
      items [KeyToPath] atomic
      optional bool
      secretName string

    type StorageOSVolume
      fsType string
      readOnly bool
      secretRef LocalObjectReference
      volumeName string
      volumeNamespace string

    type VsphereVolume
      fsType string
      storagePolicyID string
      storagePolicyName string
      volumePath! string

    type LocalObjectReference atomic
      name string = ""

    type KeyToPath
      key! string
      mode int32
      path! string

    type DownwardAPIVolumeFile
      fieldRef ObjectFieldSelector
      mode int32
      path! string
      resourceFieldRef ResourceFieldSelector

    type PersistentVolumeClaimTemplate
      metadata empty
      spec! PersistentVolumeClaimSpec

    type VolumeProjection
      clusterTrustBundle ClusterTrustBundleProjection
      configMap KeyProjection
      downwardAPI DownwardAPIProjection
      podCertificate PodCertificateProjection
      secret KeyProjection
      serviceAccountToken ServiceAccountTokenProjection

    type PersistentVolumeClaimSpec
      accessModes [string] atomic
      dataSource TypedLocalObjectReference
      dataSourceRef TypedObjectReference
      resources VolumeResourceRequirements
      selector LabelSelector
      storageClassName string
      volumeAttributesClassName string
      volumeMode string
      volumeName string

    type ClusterTrustBundleProjection
      labelSelector LabelSelector
      name string
      optional bool
      path! string
      signerName string

    type KeyProjection atomic
      items [KeyToPath] atomic
      name string = ""
      optional bool

    type DownwardAPIProjection
      items [DownwardAPIVolumeFile] atomic

    type PodCertificateProjection
      certificateChainPath string
      credentialBundlePath string
      keyPath string
      keyType! string
      maxExpirationSeconds int32
      signerName! string
      userAnnotations {string}

    type ServiceAccountTokenProjection
      audience string
      expirationSeconds int64
      path! string

    type TypedLocalObjectReference atomic
      apiGroup string
      kind! string
      name! string

    type TypedObjectReference
      apiGroup string
      kind! string
      name! string
      namespace string

    type VolumeResourceRequirements
      limits {quantity}
      requests {quantity}
    """#
