-- The layout of kb.sqlite. Dates are ISO 8601; spans are 0-based characters of the edition's text, end exclusive.

CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
);

-- One file read once, with what was said of it. `reader` is the code that read it; `digest` stands for all that is
-- stored of it but its id and reader, so that two readings with the same outcome are known to be the same.
CREATE TABLE editions (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    publisher TEXT NOT NULL,
    authority TEXT NOT NULL,
    audience TEXT NOT NULL,
    url TEXT,
    owner TEXT NOT NULL,
    label TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES files (sha256),
    in_force_from TEXT,
    in_force_until TEXT,
    review_by TEXT,
    historical INTEGER NOT NULL,
    confirmed TEXT NOT NULL,
    sources TEXT NOT NULL,
    page_labels TEXT NOT NULL,
    withdrawn_on TEXT,
    withdrawn_reason TEXT,
    replaced_by TEXT,
    text TEXT NOT NULL,
    elements TEXT NOT NULL,
    reader TEXT NOT NULL,
    digest TEXT NOT NULL,
    unread_pages TEXT NOT NULL
);

CREATE TABLE passages (
    edition TEXT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    headings TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    lead TEXT NOT NULL,
    source TEXT NOT NULL,
    first_page INTEGER,
    last_page INTEGER,
    breaks TEXT NOT NULL,
    units TEXT NOT NULL,
    PRIMARY KEY (edition, position)
);

-- What is embedded: each passage whole, and each of its units. The digest is of the text that the model reads.
CREATE TABLE entries (
    edition TEXT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    passage TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (edition, position)
);

-- `tokens` holds the vectors of the words of a whole passage in their context (kb/token_vectors.py); empty for units.
CREATE TABLE vectors (
    embedder TEXT NOT NULL,
    digest TEXT NOT NULL,
    vector BLOB NOT NULL,
    tokens BLOB NOT NULL,
    PRIMARY KEY (embedder, digest)
) WITHOUT ROWID;

-- A draft, or a generation that was or is published. Without `prepared_at` it is being made, or was left by a killed
-- run. `base` is the generation that was published when it was made, `verdict` what the golden questions said of it.
CREATE TABLE generations (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    prepared_at TEXT,
    discarded_at TEXT,
    author TEXT NOT NULL,
    base TEXT,
    embedder TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    collection TEXT NOT NULL,
    verdict TEXT NOT NULL
);

-- The editions of a generation, with what came of each since it was read; an edition itself never changes.
CREATE TABLE generation_editions (
    generation TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    edition TEXT NOT NULL REFERENCES editions (id),
    arrived INTEGER NOT NULL,
    took_over_on TEXT,
    ended_on TEXT,
    here_withdrawn_on TEXT,
    here_withdrawn_reason TEXT,
    here_replaced_by TEXT,
    added INTEGER NOT NULL,  -- 1: it came by itself, and not with the manifest
    PRIMARY KEY (generation, position)
);

CREATE TABLE approvals (
    generation TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);

-- What a generation answered to a golden question; `question` and `answerer` are digests of the question's line and
-- of all that decides an answer but the documents.
CREATE TABLE golden_results (
    generation TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    answerer TEXT NOT NULL,
    as_of TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (generation, question)
) WITHOUT ROWID;

-- Files, or pages of one, that could not be read when they were last tried.
CREATE TABLE unread (
    file TEXT NOT NULL,
    fact TEXT NOT NULL,
    next_step TEXT NOT NULL,
    PRIMARY KEY (file, fact)
);

-- The switch: the last row whose instant has come, and that was not cancelled, says which generation answers.
CREATE TABLE publications (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    generation TEXT NOT NULL REFERENCES generations (id),
    recorded_at TEXT NOT NULL,
    effective_at TEXT NOT NULL
);

CREATE TABLE cancellations (
    publication INTEGER PRIMARY KEY REFERENCES publications (seq),
    recorded_at TEXT NOT NULL
);

-- Who did what. Each row's hash is over all of it and the hash before; log_end holds the last one once more.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE log_end (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rows INTEGER NOT NULL,
    hash TEXT NOT NULL
);

CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER publications_keep BEFORE UPDATE ON publications
    BEGIN SELECT RAISE(ABORT, 'publications are only added to'); END;
CREATE TRIGGER publications_stay BEFORE DELETE ON publications
    BEGIN SELECT RAISE(ABORT, 'publications are only added to'); END;
CREATE TRIGGER cancellations_keep BEFORE UPDATE ON cancellations
    BEGIN SELECT RAISE(ABORT, 'cancellations are only added to'); END;
CREATE TRIGGER cancellations_stay BEFORE DELETE ON cancellations
    BEGIN SELECT RAISE(ABORT, 'cancellations are only added to'); END;
