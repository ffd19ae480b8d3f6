{{/* One injection webhook: call with dict root name namespaces objects; the selectors are lists of expressions. */}}
{{- define "istiod.webhook" -}}
{{- $root := .root -}}
{{- $remote := $root.Values.istiodRemote -}}
- name: {{ .name }}
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  reinvocationPolicy: {{ $root.Values.sidecarInjectorWebhook.reinvocationPolicy | quote }}
  clientConfig:
    {{- if $remote.injectionURL }}
    url: {{ $remote.injectionURL | quote }}
    {{- else }}
    service:
      name: istiod{{ include "istiod.suffix" $root }}
      namespace: {{ $root.Release.Namespace }}
      path: {{ $remote.injectionPath | quote }}
      port: 443
    {{- end }}
    {{- with $remote.injectionCABundle }}
    caBundle: {{ . | quote }}
    {{- end }}
  rules:
  - operations: [CREATE]
    apiGroups: [""]
    apiVersions: [v1]
    resources: [pods]
  namespaceSelector:
    matchExpressions: {{ toJson .namespaces }}
  objectSelector:
    matchExpressions: {{ toJson .objects }}
{{- end -}}

{{/*
The webhooks that inject for the namespaces and pods of a revision or tag: call with list $ NAME.
The default one answers to istio-injection too.
*/}}
{{- define "istiod.webhooks" -}}
{{- $root := first . -}}
{{- $name := last . -}}
{{- $revisionIs := dict "key" "istio.io/rev" "operator" "In" "values" (list $name) -}}
{{- $noRevision := dict "key" "istio.io/rev" "operator" "DoesNotExist" -}}
{{- $noInjection := dict "key" "istio-injection" "operator" "DoesNotExist" -}}
{{- $notRefused := dict "key" "sidecar.istio.io/inject" "operator" "NotIn" "values" (list "false") -}}
{{- include "istiod.webhook" (dict "root" $root "name" "rev.namespace.sidecar-injector.istio.io"
      "namespaces" (list $revisionIs $noInjection)
      "objects" (list $notRefused)) }}
{{ include "istiod.webhook" (dict "root" $root "name" "rev.object.sidecar-injector.istio.io"
      "namespaces" (list $noRevision $noInjection)
      "objects" (list $notRefused $revisionIs)) }}
{{- if eq $name "default" }}
{{ include "istiod.webhook" (dict "root" $root "name" "namespace.sidecar-injector.istio.io"
      "namespaces" (list (dict "key" "istio-injection" "operator" "In" "values" (list "enabled")))
      "objects" (list $notRefused)) }}
{{ include "istiod.webhook" (dict "root" $root "name" "object.sidecar-injector.istio.io"
      "namespaces" (list $noInjection $noRevision)
      "objects" (list (dict "key" "sidecar.istio.io/inject" "operator" "In" "values" (list "true")) $noRevision)) }}
{{- if $root.Values.sidecarInjectorWebhook.enableNamespacesByDefault }}
{{ include "istiod.webhook" (dict "root" $root "name" "auto.sidecar-injector.istio.io"
      "namespaces" (list $noInjection $noRevision (dict "key" "kubernetes.io/metadata.name" "operator" "NotIn"
        "values" (list "kube-system" "kube-public" "kube-node-lease" "local-path-storage")))
      "objects" (list (dict "key" "sidecar.istio.io/inject" "operator" "DoesNotExist") $noRevision)) }}
{{- end }}
{{- end }}
{{- end -}}
