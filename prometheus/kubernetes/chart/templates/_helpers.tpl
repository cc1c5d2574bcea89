{{/* Name of all objects. A StatefulSet adds eleven characters to it in a label, which may have 63. */}}
{{- define "claude-usage-exporter.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* By what Pods are found. It can never change, so nothing of the values or the version is in it. */}}
{{- define "claude-usage-exporter.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "claude-usage-exporter.labels" -}}
{{ include "claude-usage-exporter.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: claude-usage
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "claude-usage-exporter.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "claude-usage-exporter.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "claude-usage-exporter.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* What cannot be, and what must not stand in plain text; the schema of the values sees neither. */}}
{{- define "claude-usage-exporter.check" -}}
{{- $config := .Values.config -}}
{{- if eq .Values.storage.type "postgresql" -}}
{{- $postgresql := .Values.storage.postgresql -}}
{{- if not (or $postgresql.existingSecret $postgresql.url) -}}
{{- fail "storage.type is postgresql, but there is no address: name a Secret in storage.postgresql.existingSecret, or give storage.postgresql.url" -}}
{{- end -}}
{{- if and $postgresql.passwordKey (not $postgresql.existingSecret) -}}
{{- fail "storage.postgresql.passwordKey needs the Secret that has it: storage.postgresql.existingSecret" -}}
{{- end -}}
{{- end -}}
{{- $storage := $config.storage | default dict -}}
{{- if or $storage.url $storage.password -}}
{{- fail "config.storage must hold no address and no password: name a Secret in storage.postgresql.existingSecret" -}}
{{- end -}}
{{- $admin := $config.admin_api | default dict -}}
{{- if $admin.key -}}
{{- fail "config.admin_api.key must not be in the configuration: name a Secret in adminKey.existingSecret" -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if and .value (regexMatch "(_KEY|_PASSWORD|_SALT|_URL|_TOKEN|^PGPASSWORD)$" .name) -}}
{{- fail (printf "extraEnv: %s may be a secret and must not be in plain text; use valueFrom" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "claude-usage-exporter.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "claude-usage-exporter.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{/* A user may be asked for on every path, which a probe cannot be; then it looks whether the port is open. */}}
{{- define "claude-usage-exporter.probe" -}}
{{- if .context.Values.web.existingSecret -}}
tcpSocket:
  port: metrics
{{- else -}}
httpGet:
  path: {{ .path }}
  port: metrics
{{- end -}}
{{- end -}}
