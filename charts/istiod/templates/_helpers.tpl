{{/* The labels that every object of Istio carries; the caller adds app.kubernetes.io/name. */}}
{{- define "istiod.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: "istio"
app.kubernetes.io/version: {{ .Values.release.version | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Values.release.version | replace "+" "_" }}
{{- end -}}

{{/* Those of istiod's accounts and roles. */}}
{{- define "istiod.roleLabels" -}}
app: istiod
release: {{ .Release.Name }}
app.kubernetes.io/name: istiod
{{ include "istiod.labels" . }}
{{- end -}}

{{/* Those that tie an object to its revision and component. */}}
{{- define "istiod.objectLabels" -}}
release: {{ .Release.Name }}
istio.io/rev: {{ .Values.revision | default "default" | quote }}
operator.istio.io/component: Pilot
{{- if .Values.release.has.owningResource }}
install.operator.istio.io/owning-resource: {{ .Values.ownerName | default "unknown" }}
{{- end }}
app.kubernetes.io/name: istiod
{{ include "istiod.labels" . }}
{{- end -}}

{{/* What the names of a revision's objects end in. */}}
{{- define "istiod.suffix" -}}
{{- with .Values.revision }}-{{ . }}{{ end -}}
{{- end -}}

{{/* The labels that select istiod's pods. */}}
{{- define "istiod.selector" -}}
app: istiod
{{- if .Values.revision }}
istio.io/rev: {{ .Values.revision | quote }}
{{- else }}
istio: pilot
{{- end }}
{{- end -}}

{{/* "yes" if objects of the given scope (cluster or namespace) are wanted: call with list $ SCOPE. */}}
{{- define "istiod.wants" -}}
{{- $root := first . -}}
{{- if or (not $root.Values.release.has.resourceScope) (has $root.Values.global.resourceScope (list "all" (last .))) -}}
yes
{{- end -}}
{{- end -}}

{{/* "yes" if an istiod runs in this cluster. */}}
{{- define "istiod.local" -}}
{{- if or (not .Values.istiodRemote.enabled) (and .Values.release.has.localInjector .Values.istiodRemote.enabledLocalInjectorIstiod) -}}
yes
{{- end -}}
{{- end -}}

{{/* "yes" if an istiod runs here that serves another's proxies too: the other is called istiod-remote. */}}
{{- define "istiod.besideRemote" -}}
{{- if and .Values.istiodRemote.enabled .Values.release.has.localInjector .Values.istiodRemote.enabledLocalInjectorIstiod -}}
yes
{{- end -}}
{{- end -}}
