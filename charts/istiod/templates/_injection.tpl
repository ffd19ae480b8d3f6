{{/*
The text of an injection template for the release at hand: call with list $ NAME, for files/NAME.yaml.

Where istiods differ, the file has one block per text, newest first, between marker lines of their own:

  #versions
  #from 1.31
  the lines of 1.31 and later
  #before
  the lines of all older ones; #before and its lines may be absent
  #end

So a mesh which another installer set up keeps its pods when sail takes it over. A gateway's file is cut at its line
"# from Istio 1.26 on" for older istiods, which applied whatever was there. A marker that is missing fails.
*/}}
{{- define "istiod.injection" -}}
{{- $file := printf "files/%s.yaml" (last .) -}}
{{- $minor := index (splitList "." ((first .).Values.release.version | trimPrefix "v")) 1 | int -}}
{{- $text := (first .).Files.Get $file | required (printf "%s is missing" $file) -}}
{{- if has (last .) (list "agentgateway" "agentgateway-waypoint" "kube-gateway" "waypoint") -}}
{{- $parts := splitList "---\n# from Istio 1.26 on" $text -}}
{{- if ne (len $parts) 2 }}{{ fail (printf "%s: one line \"# from Istio 1.26 on\" must follow a separator" $file) }}{{ end -}}
{{- if lt $minor 26 }}{{ $text = first $parts }}{{ end -}}
{{- end -}}
{{- $pieces := splitList "#versions\n" $text -}}
{{- $text = first $pieces -}}
{{- range $piece := rest $pieces -}}
{{- $ends := splitList "#end\n" $piece -}}
{{- if ne (len $ends) 2 }}{{ fail (printf "%s: a block after #versions must have one #end" $file) }}{{ end -}}
{{- $sides := splitList "#before\n" (first $ends) -}}
{{- $blocks := splitList "#from 1." (first $sides) -}}
{{- if or (gt (len $sides) 2) (lt (len $blocks) 2) (first $blocks) -}}
{{- fail (printf "%s: #versions must be followed by #from 1.N, and at most one #before" $file) -}}
{{- end -}}
{{- $chosen := index (append $sides "") 1 -}}
{{- range $block := reverse (rest $blocks) -}}
{{- $from := substr 0 2 $block -}}
{{- if ge $minor (int $from) }}{{ $chosen = trimPrefix (print $from "\n") $block }}{{ end -}}
{{- end -}}
{{- $text = print $text $chosen (last $ends) -}}
{{- end -}}
{{- if or (contains "\n#from 1." $text) (contains "\n#before\n" $text) (contains "\n#end\n" $text) -}}
{{- fail (printf "%s: #from, #before and #end must follow #versions" $file) -}}
{{- end -}}
{{- $text -}}
{{- end -}}
