{{/* The name of all objects. */}}
{{- define "ztunnel.name" -}}
{{- if .Values.release.has.resourceName }}{{ .Values.resourceName | default "ztunnel" }}{{ else }}ztunnel{{ end -}}
{{- end -}}

{{/* The labels that every object of Istio carries, from the table of the release. */}}
{{- define "ztunnel.labels" -}}
{{- toYaml .Values.release.labels -}}
{{- end -}}

{{/* The labels of namespaced objects: those, and the user's, which win. */}}
{{- define "ztunnel.objectLabels" -}}
{{- toYaml (merge (dict) .Values.labels .Values.release.labels) -}}
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
