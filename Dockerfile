FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SOUNDINGS_STATIC=/srv/soundings/static
WORKDIR /srv/soundings/code

COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt

COPY . .
RUN python -m agency.catalogues && python manage.py collectstatic --no-input \
    && useradd --system --no-create-home soundings
USER soundings

EXPOSE 8000
