{{/*
What differs between Istio's releases, in one place.

`istioVersion` v1.MINOR.PATCH becomes the number MINOR*100+PATCH (a patch counts up to 99); .Values.release.has then says by name what this
release has. Every template starts by including this; only the first inclusion does the work, and it lays what is
under `cni:` over the rest.
*/}}
{{- define "cni.release" -}}
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
{{- $excludeNamespaces := or (and (ge $n 2405) (lt $n 2500)) (ge $n 2502) -}}
{{- $has := dict
      "appArmor" (ge $n 2401)
      "hostNetworkNames" (ge $n 2401)
      "readAsAnyone" (ge $n 2402)
      "owningResource" (or (lt $n 2405) (and (ge $n 2500) (lt $n 2503)))
      "excludeNamespaces" $excludeNamespaces
      "repairSwitch" $excludeNamespaces
      "reconciliation" (ge $n 2500)
      "readDaemonSet" (ge $n 2500)
      "emptyDirectories" (ge $n 2500)
      "ownNetworkNamespace" (ge $n 2600)
      "updateStrategy" (ge $n 2600)
      "selectors" (ge $n 2700)
      "ownedConfig" (ge $n 2700)
      "nftables" (ge $n 2700)
      "containerEnvironment" (ge $n 2700)
      "divisor" (ge $n 2700)
      "tolerations" (ge $n 2700)
      "resourceScope" (ge $n 2800)
      "labels" (ge $n 2800)
      "detectionRetry" (ge $n 2804)
      "bareQuantities" (or $fixedIn28 (ge $n 2901))
      "networkPolicy" (ge $n 2900)
      "gracePeriod" (ge $n 2900)
      "networkPolicySources" (lt $n 3000)
      "appArmorProfile" (ge $n 3000) -}}
{{- $defaults := dict
      "dnsCapture" (ge $n 2500)
      "reconcileIptablesOnStartup" (ge $n 2900) -}}
{{- $_ := set .Values "release" (dict "version" $version "has" $has) -}}
{{- if .Values.cni -}}
{{- $_ := mergeOverwrite .Values (omit .Values.cni "istioVersion" "platform" "global" "enabled") -}}
{{- end -}}
{{- $ambient := .Values.ambient -}}
{{- range $key, $default := $defaults -}}
{{- if not (hasKey $ambient $key) -}}
{{- $_ := set $ambient $key $default -}}
{{- end -}}
{{- end -}}
{{- $global := .Values.global -}}
{{- if not $global.hub -}}
{{- $_ := set $global "hub" $hub -}}
{{- end -}}
{{- if not $global.tag -}}
{{- $_ := set $global "tag" $version -}}
{{- end -}}
{{- end -}}
{{- end -}}
