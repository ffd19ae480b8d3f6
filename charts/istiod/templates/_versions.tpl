{{/*
What differs between Istio's releases, in one place (the injection templates' part: _injection.tpl).

`istioVersion` v1.MINOR.PATCH becomes the number MINOR*100+PATCH (a patch counts up to 99); .Values.release.has then says by name what this
release has. Every template starts by including this; only the first inclusion does the work: it also lays what is
under `pilot:` over the rest (what concerns the whole mesh has its place at the root only), fills in hub and tag, and takes away the defaults that the release did not have, for
they are printed into ConfigMaps.
*/}}
{{- define "istiod.release" -}}
{{- if not (hasKey .Values "release") -}}
{{- $version := .Values.istioVersion | default .Chart.AppVersion | trimPrefix "v" -}}
{{- $parts := splitList "." (first (splitList "-" $version)) -}}
{{- $n := add (mul (index $parts 1) 100) (min (index $parts 2) 99) -}}
{{- $fixedIn28 := and (ge $n 2806) (lt $n 2900) -}}
{{- $hub := "gcr.io/istio-release" -}}
{{- if eq $n 2401 -}}
{{- $hub = "docker.io/istio" -}}
{{- else if or (and (ge $n 2709) (lt $n 2800)) $fixedIn28 (ge $n 2902) -}}
{{- $hub = "registry.istio.io/release" -}}
{{- end -}}
{{- $owning := or (lt $n 2405) (and (ge $n 2500) (lt $n 2503)) -}}
{{- $has := dict
      "owningResource" $owning
      "owningResourceOfValues" (lt $n 2600)
      "valuesConfigMap" (not $owning)
      "tagsOfRemote" (or (and (ge $n 2406) (lt $n 2500)) (ge $n 2503))
      "ztunnelName" (ge $n 2502)
      "injectorEnv" (ge $n 2600)
      "envVarFrom" (ge $n 2600)
      "gatewayClasses" (ge $n 2600)
      "experimentalGateways" (ge $n 2600)
      "gatewayScaling" (ge $n 2600)
      "memoryDivisor" (ge $n 2600)
      "remoteNeedsAddress" (ge $n 2500)
      "readConfigMaps" (or (and (ge $n 2600) (lt $n 2700)) (ge $n 2900))
      "experimentalListeners" (and (ge $n 2700) (lt $n 3000))
      "inferencePools" (ge $n 2700)
      "deploymentAnnotations" (ge $n 2700)
      "localInjector" (ge $n 2700)
      "budgetFields" (ge $n 2700)
      "resourceScope" (ge $n 2800)
      "stableInferencePools" (ge $n 2800)
      "networkPolicy" (ge $n 2800)
      "budgetWhenScaled" (ge $n 2800)
      "endpointSlices" (ge $n 2800)
      "tagServices" (ge $n 2800)
      "bareQuantities" (or $fixedIn28 (ge $n 2901))
      "memoryLimit" (lt $n 2900)
      "agentgateway" (ge $n 2900)
      "networkPolicySources" (lt $n 3000)
      "listeners" (ge $n 3000)
      "taintSwitch" (ge $n 3000)
      "authorizationPolicyRule" (ge $n 3002)
      "taintName" (ge $n 3003)
      "terminationMessagePolicy" (ge $n 3100)
      "readerAccount" (ge $n 3100)
      "agentgatewayWaypoint" (ge $n 3100) -}}
{{- /* key → its default → the release from which on it exists; paths are at most three deep */ -}}
{{- $newKeys := list
      (list "trustedZtunnelName" "" 2502)
      (list "envVarFrom" list 2600)
      (list "gatewayClasses" dict 2600)
      (list "deploymentAnnotations" dict 2700)
      (list "istiodRemote.enabledLocalInjectorIstiod" false 2700)
      (list "pdb.minAvailable" 1 2700)
      (list "pdb.unhealthyPodEvictionPolicy" "" 2700)
      (list "global.nativeNftables" false 2700)
      (list "global.networkPolicy.enabled" false 2800)
      (list "global.resourceScope" "all" 2800)
      (list "global.proxy.seccompProfile" dict 2800)
      (list "taint.name" "cni.istio.io/not-ready" 3003) -}}
{{- $values := .Values -}}
{{- if .Values.pilot -}}
{{- $_ := mergeOverwrite .Values (omit .Values.pilot "istioVersion" "originalValues" "profile" "compatibilityVersion"
      "platform" "global" "meshConfig" "revision" "revisionTags" "ownerName" "defaultRevision" "experimental" "base"
      "pilot" "ztunnel" "telemetry" "sidecarInjectorWebhook" "sidecarInjectorWebhookAnnotations" "istiodRemote" "gateways"
      "gatewayClasses") -}}
{{- end -}}
{{- if lt $n 3003 -}}
{{- range $newKeys -}}
{{- $path := splitList "." (index . 0) -}}
{{- if lt $n (index . 2 | int64) -}}
{{- $parent := $values -}}
{{- range initial $path -}}
{{- $parent = get $parent . | default dict -}}
{{- end -}}
{{- if and (hasKey $parent (last $path)) (eq (get $parent (last $path) | toJson) (index . 1 | toJson)) -}}
{{- $_ := unset $parent (last $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not $values.pdb -}}
{{- $_ := unset $values "pdb" -}}
{{- end -}}
{{- if not $values.global.networkPolicy -}}
{{- $_ := unset $values.global "networkPolicy" -}}
{{- end -}}
{{- if lt $n 2700 -}}
{{- $clusters := $values.global.multiCluster -}}
{{- if not (hasKey $clusters "enabled") -}}
{{- $_ := set $clusters "enabled" false -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not .Values.global.hub -}}
{{- $_ := set .Values.global "hub" $hub -}}
{{- end -}}
{{- if not .Values.global.tag -}}
{{- $_ := set .Values.global "tag" $version -}}
{{- end -}}
{{- $_ := set .Values "release" (dict "version" $version "has" $has) -}}
{{- end -}}
{{- end -}}
