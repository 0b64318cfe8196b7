-- What this queue is for: one batch, one output folder. queue is the name of River's queue for this version and these settings.
CREATE TABLE nianbao_batch (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  output text NOT NULL,
  version text NOT NULL,
  settings text NOT NULL,
  options text NOT NULL,
  queue text NOT NULL,
  submitted timestamptz NOT NULL DEFAULT now(),
  concluded timestamptz
);

-- One row for each content. state is queued, done or failed; packed is the document as a worker opens it. deaths counts the
-- workers that died with it since it was queued.
CREATE TABLE nianbao_document (
  hash text PRIMARY KEY,
  state text NOT NULL,
  attempts integer NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  seconds double precision NOT NULL,
  output text NOT NULL,
  path text NOT NULL,
  cells integer NOT NULL, proven integer NOT NULL, supported integer NOT NULL, read integer NOT NULL,
  repaired integer NOT NULL, conflict integer NOT NULL, missing integer NOT NULL, confirmed integer NOT NULL,
  review integer NOT NULL, failed_sums integer NOT NULL, pages_by_ocr integer NOT NULL, pages_by_text integer NOT NULL,
  version text NOT NULL,
  settings text NOT NULL,
  outcome text NOT NULL,
  made text NOT NULL,
  issuer text NOT NULL DEFAULT '',
  entry jsonb,
  packed text,
  fresh boolean NOT NULL DEFAULT false,
  deaths integer NOT NULL DEFAULT 0,
  updated timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX nianbao_document_output ON nianbao_document (lower(output));
CREATE INDEX nianbao_document_updated ON nianbao_document (updated);
CREATE INDEX nianbao_document_queued ON nianbao_document (hash) WHERE state = 'queued';
CREATE INDEX nianbao_document_issuer ON nianbao_document (issuer) WHERE state = 'done';

-- What a person must look at, as the results say.
CREATE TABLE nianbao_review (
  hash text NOT NULL REFERENCES nianbao_document (hash) ON DELETE CASCADE,
  n integer NOT NULL,
  path text NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (hash, n)
);

-- Inputs as they were last seen, so that what has not changed is not read again.
CREATE TABLE nianbao_input (
  path text PRIMARY KEY,
  rel text NOT NULL,
  stamp text NOT NULL,
  hash text NOT NULL
);

-- Workers that have given a sign of life lately.
CREATE TABLE nianbao_worker (
  id text PRIMARY KEY,
  host text NOT NULL,
  pid integer NOT NULL,
  jobs integer NOT NULL,
  version text NOT NULL,
  settings text NOT NULL,
  converted bigint NOT NULL,
  failed bigint NOT NULL,
  started timestamptz NOT NULL DEFAULT now(),
  seen timestamptz NOT NULL DEFAULT now()
);
