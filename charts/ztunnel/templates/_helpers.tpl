{{/* The name of all objects. */}}
{{- define "ztunnel.name" -}}
{{- if .Values.release.has.resourceName }}{{ .Values.resourceName | default "ztunnel" }}{{ else }}ztunnel{{ end -}}
{{- end -}}

{{/* The labels that every object of Istio carries. */}}
{{- define "ztunnel.labels" -}}
app.kubernetes.io/name: ztunnel
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: "istio"
app.kubernetes.io/version: {{ .Values.release.version | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Values.release.version | replace "+" "_" }}
{{- end -}}

{{/* The labels of namespaced objects: those, and the user's, which win. */}}
{{- define "ztunnel.objectLabels" -}}
{{- $own := include "ztunnel.labels" . | fromYaml -}}
{{- toYaml (merge (deepCopy .Values.labels) $own) -}}
{{- end -}}

{{/* The annotations of objects: the user's and the revision. */}}
{{- define "ztunnel.annotations" -}}
{{- if .Values.revision -}}
{{- toYaml (merge (dict "istio.io/rev" .Values.revision) .Values.annotations) -}}
{{- else -}}
{{- toYaml .Values.annotations -}}
{{- end -}}
{{- end -}}

{{/* "yes" if objects of the given scope (cluster or namespace) are wanted: call with list $ SCOPE. */}}
{{- define "ztunnel.wants" -}}
{{- $root := first . -}}
{{- if or (not $root.Values.release.has.resourceScope) (has $root.Values.resourceScope (list "all" (last .))) -}}
yes
{{- end -}}
{{- end -}}
