# nianbao as a container, in two targets:
#   docker build -t nianbao .                      slim: everything but LibreOffice
#   docker build -t nianbao:full --target full .   with LibreOffice, for old and rare office formats
# Bases are pinned by version; pin them by digest too with --build-arg GO_IMAGE=…@sha256:… where
# builds must be the same years from now. `make image-test` builds and tries both targets.
ARG GO_IMAGE=golang:1.26-bookworm
ARG DEBIAN_IMAGE=debian:bookworm-slim
ARG PACKAGES="libtesseract5 tesseract-ocr-chi-sim tesseract-ocr-eng"
ARG MODEL_SUMS="a5fcb6f0db1e1d6d8522f39db4e848f05984669172e584e8d76b6b3141e1f730 chi_sim.traineddata \
7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2 eng.traineddata"

# The program, with Tesseract linked in, and the maker of the bill of materials.
FROM ${GO_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ libjpeg-dev libleptonica-dev libtesseract-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
ENV GOTOOLCHAIN=local
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=devel
ARG REVISION=
# What stores, sends and exports waits for disks and networks; without inlining these parts take 2.5 MB less.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    small="github.com/xuri github.com/jackc github.com/riverqueue github.com/minio google.golang.org github.com/danielgtaylor \
      github.com/prometheus github.com/pdfcpu modernc.org github.com/parquet-go github.com/klippa-app github.com/hhrutter \
      github.com/spf13 github.com/tiendc golang.org/x/net net/http html/template text/template crypto/tls" && \
    CGO_ENABLED=1 go build -buildvcs=false -trimpath $(printf -- '-gcflags=%s/...=-l ' $small) \
      -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${REVISION}" -o /out/nianbao ./cmd/nianbao && \
    CGO_ENABLED=0 go build -buildvcs=false -trimpath -o /out/makesbom ./internal/dev/sbom/makesbom

# What the program needs at run time. The models are Debian's; their sums fix what is read.
FROM ${DEBIAN_IMAGE} AS base
ENV OMP_THREAD_LIMIT=1 NIANBAO_CACHE=/var/cache/nianbao LANG=C.UTF-8
WORKDIR /work
ENTRYPOINT ["nianbao"]
CMD ["--help"]

# For slim, without what nothing in it links: half of ICU, which LibreOffice needs, brotli's encoder, debconf's questions.
FROM base AS lean
ARG PACKAGES
ARG MODEL_SUMS
RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES} && \
    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/* /var/lib/dpkg/*-old \
      /usr/lib/*/libicui18n.so* /usr/lib/*/libicuio.so* /usr/lib/*/libicutu.so* /usr/lib/*/libicutest.so* /usr/lib/*/libbrotlienc.so* \
      /usr/lib/*/ossl-modules /usr/lib/*/engines-3
RUN cd /usr/share/tesseract-ocr/5/tessdata && printf '%s  %s\n' ${MODEL_SUMS} | sha256sum -c

FROM base AS office
ARG PACKAGES
ARG MODEL_SUMS
RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES} libreoffice-calc-nogui libreoffice-writer-nogui && \
    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old
RUN cd /usr/share/tesseract-ocr/5/tessdata && printf '%s  %s\n' ${MODEL_SUMS} | sha256sum -c

# A conversion compiles the PDF engine for this kind of CPU; the images keep the result. Elsewhere it
# is compiled again at each start, or once into a NIANBAO_CACHE that can be written.
FROM lean AS cache
COPY --from=build /out/nianbao /usr/local/bin/nianbao
COPY testdata/reports/city_2021form.pdf /tmp/sample.pdf
RUN nianbao convert --no-review-exit /tmp/sample.pdf >/dev/null && ls "$NIANBAO_CACHE"/wazero-*/* && chmod -R a+rX "$NIANBAO_CACHE"

# The bills of materials: what is in the program, and what is around it.
FROM build AS sbom-slim
COPY --from=lean /etc/os-release /root-slim/etc/os-release
COPY --from=lean /usr/share/doc /root-slim/usr/share/doc
COPY --from=lean /usr/share/tesseract-ocr /root-slim/usr/share/tesseract-ocr
COPY --from=lean /var/lib/dpkg/status /root-slim/var/lib/dpkg/status
ARG VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    /out/makesbom -name nianbao-slim -version "${VERSION}" -binary /out/nianbao -root /root-slim >/out/sbom.spdx.json

FROM build AS sbom-full
COPY --from=office /etc/os-release /root-full/etc/os-release
COPY --from=office /usr/share/doc /root-full/usr/share/doc
COPY --from=office /usr/share/tesseract-ocr /root-full/usr/share/tesseract-ocr
COPY --from=office /var/lib/dpkg/status /root-full/var/lib/dpkg/status
ARG VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    /out/makesbom -name nianbao-full -version "${VERSION}" -binary /out/nianbao -root /root-full >/out/sbom.spdx.json

FROM office AS full
COPY --from=cache /var/cache/nianbao /var/cache/nianbao
COPY --from=build /out/nianbao /usr/local/bin/nianbao
COPY --from=sbom-full /out/sbom.spdx.json /src/LICENSE /usr/share/doc/nianbao/
ARG VERSION=devel
ARG REVISION=
LABEL org.opencontainers.image.title="nianbao (full)" \
      org.opencontainers.image.description="Annual disclosure reports of Chinese public bodies to JSON that proves itself; with LibreOffice" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/nianbao/nianbao" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 65532:65532

FROM lean AS slim
COPY --from=cache /var/cache/nianbao /var/cache/nianbao
COPY --from=build /out/nianbao /usr/local/bin/nianbao
COPY --from=sbom-slim /out/sbom.spdx.json /src/LICENSE /usr/share/doc/nianbao/
ARG VERSION=devel
ARG REVISION=
LABEL org.opencontainers.image.title="nianbao" \
      org.opencontainers.image.description="Annual disclosure reports of Chinese public bodies to JSON that proves itself" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/nianbao/nianbao" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 65532:65532
