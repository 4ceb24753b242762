# Front-end packages, by the Node that comes as a wheel; nothing of this stage runs later.
FROM python:3.12-slim AS assets
WORKDIR /build
COPY requirements/local.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/local.txt
COPY package.json package-lock.json .npmrc ./
COPY assets assets
RUN python assets/build.py

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings.production
RUN useradd --create-home --uid 10001 lodestar && install -d -o lodestar -m 700 /exhibits
ENV EXHIBITS_ROOT=/exhibits
WORKDIR /srv/lodestar
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=assets /build/assets/vendor assets/vendor
# Static files need settings but no secret: these values never leave the build.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput
USER lodestar
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
  "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live/', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "2"]
