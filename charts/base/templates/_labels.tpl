{{/* The labels that every object of Istio carries; the caller adds app.kubernetes.io/name. */}}
{{- define "base.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: "istio"
app.kubernetes.io/version: {{ .Values.release.version | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Values.release.version | replace "+" "_" }}
{{- end -}}

{{/* "yes" if objects of the given scope (cluster or namespace) are wanted: call with list $ SCOPE. */}}
{{- define "base.wants" -}}
{{- $root := first . -}}
{{- if or (not $root.Values.release.has.resourceScope) (has $root.Values.global.resourceScope (list "all" (last .))) -}}
yes
{{- end -}}
{{- end -}}
