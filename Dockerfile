# The bot with everything that it needs, models included. It runs offline, as its own user and with a
# read-only root. OPERATIONS.md says how to build, start and update it.
#
#     docker build --build-arg TORCH_INDEX=<an index of CPU builds> -t briefing-bot .
#
# The tag below follows the patches of Python and Debian. To get the same bytes each time, pin a digest:
# docker build --build-arg PYTHON=python:3.11-slim-bookworm@sha256:...
ARG PYTHON=python:3.11-slim-bookworm

# The lists of packages alone: as long as they are the same, a new version of the bot does not build
# the next stage, and its large layer, again.
FROM ${PYTHON} AS requirements
# Extras of pyproject.toml, with spaces between: "postgres ocr".
ARG EXTRAS=
WORKDIR /requirements
COPY constraints.txt ./
COPY hashes hashes/
RUN grep '^torch==' constraints.txt > torch.txt \
 && cp hashes/base.txt requirements.txt \
 && for extra in ${EXTRAS}; do cat "hashes/$extra.txt" >> requirements.txt || exit 1; done \
 && rm -r constraints.txt hashes

FROM ${PYTHON} AS packages
# As in the Makefile: empty where pip finds a CPU build of PyTorch by itself.
ARG TORCH_INDEX=
WORKDIR /build
RUN python -m venv /opt/packages
ENV PATH=/opt/packages/bin:$PATH
COPY --from=requirements /requirements ./
# PyTorch comes first and alone: a CUDA build would add gigabytes that nothing here uses.
RUN pip install --no-cache-dir --no-deps ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} --requirement torch.txt \
 && if ! grep -q '^cuda.* = None' /opt/packages/lib/python*/site-packages/torch/version.py; then \
      echo 'pip installed a CUDA build of PyTorch. Build again with --build-arg TORCH_INDEX=<an index of CPU builds>.' >&2; \
      exit 1; \
    fi
# Nothing but the files whose hashes are listed, and all that is needed is among them.
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt \
 && pip check
# Remove what the bot never opens: test suites, C++ headers, and the bytecode of what only another
# embedding model would import.
RUN all=$(python -c "import sysconfig; print(sysconfig.get_path('purelib'))") \
 && rm -rf "$all"/torch/include "$all"/torch/test "$all"/torch/bin/test_* "$all"/torch/bin/protoc* \
 && find "$all" -type d -name tests -prune -exec rm -r {} + \
 && find "$all"/networkx "$all"/scipy "$all"/sklearn "$all"/sympy "$all"/transformers \
      -type d -name __pycache__ -prune -exec rm -r {} +

FROM packages AS program
COPY pyproject.toml README.md LICENSE ./
COPY bot bot/
COPY index index/
RUN pip install --no-cache-dir --no-deps --target /opt/briefing-bot .

FROM ${PYTHON}
RUN useradd --system --uid 10001 --user-group --home-dir /tmp --no-create-home --shell /usr/sbin/nologin briefing-bot \
 && install --directory --owner 10001 --group 10001 /data/corpus /data/index /data/records
COPY --from=packages /opt/packages /opt/packages/
# A layer of its own, the only new one where only the bot has changed.
COPY --from=program /opt/briefing-bot /opt/briefing-bot/
ENV PATH=/opt/briefing-bot/bin:/opt/packages/bin:$PATH \
    PYTHONPATH=/opt/briefing-bot \
    BRIEFING_CORPUS=/data/corpus \
    BRIEFING_INDEX=/data/index \
    BRIEFING_RECORDS=/data/records \
    BRIEFING_HTTP_PORT=9464 \
    MALLOC_ARENA_MAX=2
WORKDIR /data
USER 10001:10001
# The models need time to load. It uses http.client, since urllib would ask a proxy for this machine.
HEALTHCHECK --interval=60s --timeout=10s --start-period=90s \
  CMD ["python", "-c", "import http.client, os, sys; server = http.client.HTTPConnection('127.0.0.1', os.environ['BRIEFING_HTTP_PORT'], timeout=5); server.request('GET', '/healthz'); sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["briefing-bot"]
CMD ["run"]
