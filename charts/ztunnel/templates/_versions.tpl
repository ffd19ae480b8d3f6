{{/*
What differs between Istio's releases, in one place.

`istioVersion` v1.MINOR.PATCH becomes the number MINOR*100+PATCH (a patch counts up to 99); .Values.release.has then
says by name what this release has. Every template starts by including this; only the first inclusion does the work: it
lays what is under `ztunnel:` over the rest, and fills the keys that values.yaml leaves out: from `global`, else with
their defaults.
*/}}
{{- define "ztunnel.release" -}}
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
{{- $has := dict
      "owningResource" (or (lt $n 2405) (and (ge $n 2500) (lt $n 2503)))
      "resourceName" (ge $n 2500)
      "accountOfResourceName" (ge $n 2501)
      "updateStrategy" (ge $n 2600)
      "resourceQuotas" (ge $n 2600)
      "trustBundle" (ge $n 2600)
      "tolerations" (ge $n 2700)
      "cpuLimit" (ge $n 2700)
      "globalNetwork" (ge $n 2700)
      "ownNetwork" (ge $n 2702)
      "resourceScope" (ge $n 2800)
      "bareQuantities" (or $fixedIn28 (ge $n 2901))
      "cpuDivisor" (ge $n 2900)
      "networkPolicy" (ge $n 2900)
      "networkPolicySources" (lt $n 3000)
      "revocationList" (ge $n 2900)
      "dns" (ge $n 3000)
      "cpuAmounts" (ge $n 3100) -}}
{{- $labels := dict
      "app.kubernetes.io/name" "ztunnel"
      "app.kubernetes.io/managed-by" .Release.Service
      "app.kubernetes.io/instance" .Release.Name
      "app.kubernetes.io/part-of" "istio"
      "app.kubernetes.io/version" $version
      "helm.sh/chart" (printf "%s-%s" .Chart.Name ($version | replace "+" "_")) -}}
{{- $_ := set .Values "release" (dict "version" $version "has" $has "labels" $labels) -}}
{{- if .Values.ztunnel -}}
{{- $_ := mergeOverwrite .Values (omit .Values.ztunnel "istioVersion" "ztunnel") -}}
{{- end -}}
{{- $values := .Values -}}
{{- $global := .Values.global -}}
{{- if and (not $has.ownNetwork) (hasKey .Values "network") -}}
{{- $_ := unset .Values "network" -}}
{{- end -}}
{{- range $key, $default := dict
      "hub" $hub
      "tag" $version
      "variant" ""
      "imagePullPolicy" ""
      "imagePullSecrets" list
      "network" ""
      "multiCluster" (dict "clusterName" "")
      "istioNamespace" "istio-system"
      "caAddress" ""
      "logAsJson" false
      "resourceScope" "all"
      "revision" ""
      "platform" "" -}}
{{- if not (hasKey $values $key) -}}
{{- $_ := set $values $key (ternary (get $global $key) $default (hasKey $global $key)) -}}
{{- end -}}
{{- end -}}
{{- /* A null takes the release's own image, as an empty text does. */}}
{{- range $key, $default := dict "hub" $hub "tag" $version -}}
{{- if not (get $values $key) -}}
{{- $_ := set $values $key (get $global $key | default $default) -}}
{{- end -}}
{{- end -}}
{{- if not $has.globalNetwork -}}
{{- $_ := set .Values "network" "" -}}
{{- end -}}
{{- end -}}
{{- end -}}
