# Not built in CI: there is no container engine there. Build and try it by hand:
#   docker build -t ringback . && docker run --rm --network host -v ringback:/data ringback
#
# With the host's network, as above, the development profile works on this computer. Published ports (-p 8443:8443 …)
# need "profile: production" with keys of your own and "host: 0.0.0.0" in /data/ringback.yaml, and
# "--config /data/ringback.yaml" at the end of the command.

FROM node:24-slim AS build
WORKDIR /ringback
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.js scripts/
COPY src src
COPY scenarios scenarios
RUN node scripts/build.js && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /ringback
COPY --from=build /ringback/package.json ./
COPY --from=build /ringback/node_modules node_modules
COPY --from=build /ringback/dist dist
COPY bin bin
COPY ringback.sample.yaml LICENSE ./
RUN mkdir /data && chown node:node /data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8443/tcp 8080/tcp 5060/tcp 5060/udp 20000-29999/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/ringback/bin/ringback.js"]
CMD ["start", "--json", "--data", "/data"]
