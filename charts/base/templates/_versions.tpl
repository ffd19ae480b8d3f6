{{/*
What differs between Istio's releases, in one place.

`istioVersion` v1.MINOR.PATCH becomes the number MINOR*100+PATCH (a patch counts up to 99); .Values.release.has then says by name what this
release has. Every template starts by including this; only the first inclusion does the work.
*/}}
{{- define "base.release" -}}
{{- if not (hasKey .Values "release") -}}
{{- $version := .Values.istioVersion | default .Chart.AppVersion | trimPrefix "v" -}}
{{- $parts := splitList "." (first (splitList "-" $version)) -}}
{{- $n := add (mul (index $parts 1) 100) (min (index $parts 2) 99) -}}
{{- $has := dict
      "resourceScope" (ge $n 2800)
      "optionalReader" (ge $n 3000)
      "readerAccount" (ge $n 3100)
      "authorizationPolicyRule" (ge $n 3002) -}}
{{- $_ := set .Values "release" (dict "version" $version "has" $has) -}}
{{- end -}}
{{- end -}}
