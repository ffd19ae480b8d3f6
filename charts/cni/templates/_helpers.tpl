{{/* The labels that every object of Istio carries. */}}
{{- define "cni.labels" -}}
app.kubernetes.io/name: istio-cni
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: "istio"
app.kubernetes.io/version: {{ .Values.release.version | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Values.release.version | replace "+" "_" }}
{{- end -}}

{{/* Those, and the ones that tie an object to its revision and component. */}}
{{- define "cni.objectLabels" -}}
release: {{ .Release.Name }}
istio.io/rev: {{ .Values.revision | default "default" | quote }}
operator.istio.io/component: Cni
{{- if .Values.release.has.owningResource }}
install.operator.istio.io/owning-resource: {{ .Values.ownerName | default "unknown" }}
{{- end }}
{{ include "cni.labels" . }}
{{- end -}}

{{/* "yes" if objects of the given scope (cluster or namespace) are wanted: call with list $ SCOPE. */}}
{{- define "cni.wants" -}}
{{- $root := first . -}}
{{- if or (not $root.Values.release.has.resourceScope) (has $root.Values.global.resourceScope (list "all" (last .))) -}}
yes
{{- end -}}
{{- end -}}

{{/* The plugin directory of the node: GKE's differs, and its version says so. */}}
{{- define "cni.binDir" -}}
{{- if .Values.cniBinDir -}}
{{- .Values.cniBinDir -}}
{{- else if contains "-gke" .Capabilities.KubeVersion.Version -}}
/home/kubernetes/bin
{{- else -}}
/opt/cni/bin
{{- end -}}
{{- end -}}
