# The exporter as an image. docker-compose.yml builds and runs it; by hand:
#
#   docker build --build-arg REVISION=$(git rev-parse HEAD) --tag claude-usage-exporter:0.1.0 .
#   docker run --publish 127.0.0.1:10061:10061 --user "$(id -u):$(id -g)" --read-only --tmpfs /tmp \
#     --volume claude-usage:/var/lib/claude-usage-exporter \
#     --volume ~/.claude/projects:/home/agent/.claude/projects:ro claude-usage-exporter:0.1.0
#
# Both images are of the same release of Debian and Node.js: what is compiled in the first has to run in the second. Node.js
# 24.19 and later end better-sqlite3 12 with "Assertion failed: (env) != nullptr".
ARG BUILD_IMAGE=node:22.23.3-bookworm
ARG RUNTIME_IMAGE=node:22.23.3-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# Where no ready-made binary of SQLite can be had it is compiled, with the headers that this image has.
ENV npm_config_nodedir=/usr/local
COPY package.json package-lock.json ./
RUN ["npm", "ci", "--no-audit", "--no-fund"]
COPY scripts/build.mjs scripts/third-party-licenses.mjs ./scripts/
COPY src ./src
ARG REVISION=unknown
ENV BUILD_REVISION=${REVISION}
RUN ["node", "scripts/build.mjs"]

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="claude-usage-exporter" \
  org.opencontainers.image.description="Prometheus exporter for token usage and cost of Claude Code, OpenClaw, pi and the Claude API" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.source="https://github.com/claude-usage-exporter/claude-usage-exporter" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"

# Who publishes the port decides who reaches it; inside the container every address is as good as another.
ENV NODE_ENV=production \
  HOME=/home/agent \
  CLAUDE_USAGE_EXPORTER_WEB_LISTEN_ADDRESS=0.0.0.0:10061 \
  CLAUDE_USAGE_EXPORTER_WEB_ALLOW_UNPROTECTED=true \
  CLAUDE_USAGE_EXPORTER_STORAGE_PATH=/var/lib/claude-usage-exporter

# Volumes take the mode of these folders, so that the container can run as whoever owns the logs.
RUN mkdir -p /home/agent /var/lib/claude-usage-exporter /history /prometheus \
  && chmod 0777 /var/lib/claude-usage-exporter /history /prometheus \
  && ln -s /app/dist/main.js /usr/local/bin/claude-usage-exporter

WORKDIR /app
COPY package.json LICENSE ./
# The program is a bundle; only the package with native code and what that loads stay outside of it.
COPY --from=build /build/dist ./dist
COPY --from=build /build/node_modules/bindings ./node_modules/bindings
COPY --from=build /build/node_modules/file-uri-to-path ./node_modules/file-uri-to-path
COPY --from=build /build/node_modules/better-sqlite3/package.json /build/node_modules/better-sqlite3/LICENSE ./node_modules/better-sqlite3/
COPY --from=build /build/node_modules/better-sqlite3/lib ./node_modules/better-sqlite3/lib
COPY --from=build /build/node_modules/better-sqlite3/build/Release/better_sqlite3.node ./node_modules/better-sqlite3/build/Release/

USER 1000:1000
# The build fails where the program or its native code does not load.
RUN ["node", "dist/main.js", "--version"]
RUN ["node", "-e", "new (require('better-sqlite3'))(':memory:').exec('SELECT 1')"]

# The ledger. Declared, so that it outlives a container that was started without a volume.
VOLUME ["/var/lib/claude-usage-exporter"]
EXPOSE 10061
STOPSIGNAL SIGTERM
# Of `serve`. Other commands open no port: run them with --no-healthcheck, as in
#   docker run --no-healthcheck ... claude-usage-exporter:0.1.0 ingest
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:10061/-/ready', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve"]
