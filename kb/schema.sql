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

CREATE TABLE vectors (
    embedder TEXT NOT NULL,
    digest TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (embedder, digest)
) WITHOUT ROWID;

CREATE TABLE generations (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    published_at TEXT,
    embedder TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    collection TEXT NOT NULL
);

CREATE TABLE generation_editions (
    generation TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    edition TEXT NOT NULL REFERENCES editions (id),
    PRIMARY KEY (generation, position)
);

-- Files, or pages of one, that could not be read when they were last tried.
CREATE TABLE unread (
    file TEXT NOT NULL,
    fact TEXT NOT NULL,
    next_step TEXT NOT NULL,
    PRIMARY KEY (file, fact)
);

-- The one switch: a single row says which generation answers.
CREATE TABLE published (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    generation TEXT NOT NULL REFERENCES generations (id)
);
