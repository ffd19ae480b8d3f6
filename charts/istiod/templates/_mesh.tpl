{{/* The mesh configuration: what follows from other values, and over it meshConfig. */}}
{{- define "istiod.mesh" -}}
{{- $global := .Values.global -}}
{{- $service := printf "istiod%s" (include "istiod.suffix" .) -}}
{{- if $global.remotePilotAddress -}}
{{- $service = ternary "istiod-remote" "istiod" (eq (include "istiod.besideRemote" .) "yes") -}}
{{- end -}}
{{- $proxy := dict "discoveryAddress" (printf "%s.%s.svc:15012" $service .Release.Namespace) -}}
{{- with $global.meshID -}}{{- $_ := set $proxy "meshId" . -}}{{- end -}}
{{- with $global.variant -}}{{- $_ := set $proxy "image" (dict "imageType" .) -}}{{- end -}}
{{- $tracer := $global.proxy.tracer -}}
{{- if ne $tracer "none" -}}
{{- $given := ($global.tracer | default dict) -}}
{{- $tracing := "" -}}
{{- if eq $tracer "zipkin" -}}
{{- $address := (get $given "zipkin" | default dict).address | default (printf "zipkin.%s:9411" $global.istioNamespace) -}}
{{- $tracing = dict "zipkin" (dict "address" $address) -}}
{{- else if eq $tracer "lightstep" -}}
{{- $tracing = dict "lightstep" (dict "address" $given.lightstep.address "accessToken" $given.lightstep.accessToken) -}}
{{- else if eq $tracer "datadog" -}}
{{- $address := (get $given "datadog" | default dict).address | default "$(HOST_IP):8126" -}}
{{- $tracing = dict "datadog" (dict "address" $address) -}}
{{- else if eq $tracer "stackdriver" -}}
{{- $tracing = dict "stackdriver" (dict "debug" false "maxNumberOfAnnotations" 200 "maxNumberOfAttributes" 200 "maxNumberOfMessageEvents" 200) -}}
{{- end -}}
{{- $_ := set $proxy "tracing" ($tracing | default nil) -}}
{{- end -}}
{{- $mesh := dict
      "rootNamespace" (.Values.meshConfig.rootNamespace | default $global.istioNamespace)
      "trustDomain" "cluster.local"
      "enablePrometheusMerge" true
      "defaultConfig" $proxy -}}
{{- $telemetry := .Values.telemetry -}}
{{- if and $telemetry.enabled $telemetry.v2.enabled -}}
{{- $providers := dict -}}
{{- $metrics := list -}}
{{- if $telemetry.v2.prometheus.enabled -}}{{- $metrics = append $metrics "prometheus" -}}{{- end -}}
{{- if $telemetry.v2.stackdriver.enabled -}}
{{- $metrics = append $metrics "stackdriver" -}}
{{- $_ := set $providers "accessLogging" (list "stackdriver") -}}
{{- end -}}
{{- if $metrics -}}{{- $_ := set $providers "metrics" $metrics -}}{{- end -}}
{{- if $providers -}}{{- $_ := set $mesh "defaultProviders" $providers -}}{{- end -}}
{{- end -}}
{{- mergeOverwrite $mesh .Values.meshConfig | toYaml -}}
{{- end -}}
