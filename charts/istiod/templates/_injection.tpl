{{/*
The text of an injection template for the release at hand: call with list $ NAME, for files/NAME.yaml.

The files hold the text for the newest release. What older istiods made otherwise is put back here, in this one place,
so that a mesh which another installer set up keeps its pods when sail takes it over; the first entry is more than
that, for before 1.26 istiod applied whatever a gateway's template held.
*/}}
{{- define "istiod.injection" -}}
{{- $minor := index (splitList "." ((first .).Values.release.version | trimPrefix "v")) 1 | int -}}
{{- $text := (first .).Files.Get (print "files/" (last .) ".yaml") -}}
{{- if lt $minor 26 -}}
{{- $text = first (splitList "---\n# from Istio 1.26 on" $text) -}}
{{- end -}}
{{- if lt $minor 27 -}}
{{- $text = $text | replace "    - name: istio-ca-crl\n      mountPath: /var/run/secrets/istio/crl\n" "" -}}
{{- $text = $text | replace "  - name: istio-ca-crl\n    configMap:\n      name: istio-ca-crl\n      optional: true\n" "" -}}
{{- end -}}
{{- if lt $minor 28 -}}
{{- $text = $text | replace " \"gateway.networking.k8s.io/gateway-class-name\" $class" "" -}}
{{- if eq (last .) "waypoint" -}}
{{- $text = $text | replace "if and $network $newer.IsEastWestGateway" "if false" -}}
{{- $text = $text | replace "      serviceAccountName:" "      terminationGracePeriodSeconds: 2\n      serviceAccountName:" -}}
{{- end -}}
{{- end -}}
{{- if lt $minor 29 -}}
{{- $text = $text | replace "apiVersion: gateway.networking.k8s.io/v1\n" "apiVersion: gateway.networking.k8s.io/v1beta1\n" -}}
{{- $text = regexReplaceAll "\n *divisor: \"1\"" $text "" -}}
{{- end -}}
{{- if lt $minor 31 -}}
{{- $text = $text | replace "mergeMaps (strdict \"istio.io/dataplane-mode\" \"none\") .InfrastructureLabels" "mergeMaps .InfrastructureLabels" -}}
{{- $text = $text | replace "      - name: workload-socket\n        emptyDir:\n" "      - name: workload-socket\n        emptyDir: {}\n" -}}
{{- if eq (last .) "agentgateway" -}}
{{- /* One mount of the authorities for both connections. */ -}}
{{- $text = $text | replace "        - name: istiod-ca-cert\n          mountPath: /var/run/secrets/xds\n" "" -}}
{{- $authority := "        - name: istiod-ca-cert\n          mountPath: /var/run/secrets/istio\n" -}}
{{- $text = $text | replace $authority "" | replace "        volumeMounts:\n" (print "        volumeMounts:\n" $authority) -}}
{{- end -}}
{{- end -}}
{{- if and (lt $minor 30) (eq (last .) "agentgateway") -}}
{{- /* It looked for its authorities and its token elsewhere, and had one token only. */ -}}
{{- $text = regexReplaceAll "(?s) *- name: CA_ADDRESS.*?{{- end }}\n" $text "" -}}
{{- $text = regexReplaceAll " *- name: istio-token\n *projected:\n *sources:\n *- serviceAccountToken:\n( {14}.*\n){3}" $text "" -}}
{{- $text = $text | replace "        - name: istio-token\n          mountPath: /var/run/secrets/tokens\n" "" -}}
{{- $text = $text | replace "name: xds-token" "name: istio-token" | replace "/var/run/secrets/istio\n" "/var/run/secrets/xds\n" -}}
{{- end -}}
{{- $text -}}
{{- end -}}
