extension ArchiveSchema {
    /// The outbox: the states of `DeliveryState`, kept by the database itself.
    static let outbox = """
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            exam INTEGER NOT NULL REFERENCES exam (id),
            -- The exam's, which never changes: the order within a subject is asked for often.
            subjectCode TEXT NOT NULL,
            destination TEXT NOT NULL CHECK (
                length(destination) BETWEEN 1 AND 64 AND destination NOT GLOB '*[^A-Za-z0-9._-]*'),
            kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64 AND kind NOT GLOB '*[^A-Za-z0-9._-]*'),
            identifier TEXT NOT NULL CHECK (length(identifier) BETWEEN 1 AND 200 AND identifier NOT GLOB '*[^!-~]*'),
            holdsLater INTEGER NOT NULL CHECK (holdsLater IN (0, 1)),
            sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            state TEXT NOT NULL CHECK (
                state IN ('queued', 'sending', 'sent', 'committed', 'needs-a-person', 'cancelled')),
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            queuedAtMs INTEGER NOT NULL,
            begunAtMs INTEGER,
            nextAttemptAtMs INTEGER,
            lastError TEXT,
            sentAtMs INTEGER,
            transactionUID TEXT,
            UNIQUE (destination, identifier, kind),
            CHECK (state NOT IN ('sent', 'committed') OR sentAtMs IS NOT NULL)
        ) STRICT;
        CREATE INDEX deliveryOfExam ON delivery (exam);
        CREATE INDEX deliveryQueued ON delivery (destination, id) WHERE state = 'queued';
        CREATE INDEX deliveryOfSubject ON delivery (destination, subjectCode, id);
        -- What was signed, queued and purged is asked for by exam.
        CREATE INDEX auditOfExam ON audit (examID, version, event);

        -- Which deliveries a receiver was asked to keep, by transaction: an answer may come late.
        CREATE TABLE commitmentRequest (
            transactionUID TEXT NOT NULL,
            delivery INTEGER NOT NULL REFERENCES delivery (id),
            PRIMARY KEY (transactionUID, delivery)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX commitmentOfDelivery ON commitmentRequest (delivery);

        CREATE TRIGGER deliveryBegins BEFORE INSERT ON delivery
        WHEN NEW.state <> 'queued' OR NEW.attempts <> 0
            OR NOT EXISTS (SELECT 1 FROM exam WHERE id = NEW.exam AND subjectCode = NEW.subjectCode)
        BEGIN SELECT RAISE(ABORT, 'a delivery begins queued, for an exam and its subject'); END;

        CREATE TRIGGER deliveryNotReplaced BEFORE INSERT ON delivery
        WHEN EXISTS (
            SELECT 1 FROM delivery WHERE id = NEW.id OR sha256 = NEW.sha256
            OR (destination = NEW.destination AND identifier = NEW.identifier AND kind = NEW.kind))
        BEGIN SELECT RAISE(ABORT, 'a delivery is never put in the place of another'); END;

        CREATE TRIGGER deliveryKeepsItsName BEFORE UPDATE ON delivery
        WHEN NEW.id IS NOT OLD.id OR NEW.exam IS NOT OLD.exam OR NEW.subjectCode IS NOT OLD.subjectCode
            OR NEW.destination IS NOT OLD.destination OR NEW.kind IS NOT OLD.kind
            OR NEW.identifier IS NOT OLD.identifier OR NEW.holdsLater IS NOT OLD.holdsLater
            OR NEW.sha256 IS NOT OLD.sha256 OR NEW.byteCount IS NOT OLD.byteCount
            OR NEW.queuedAtMs IS NOT OLD.queuedAtMs OR NEW.attempts < OLD.attempts
        BEGIN SELECT RAISE(ABORT, 'a delivery keeps its document, destination and identifier'); END;

        CREATE TRIGGER deliverySteps BEFORE UPDATE ON delivery
        WHEN OLD.state IN ('committed', 'cancelled') OR (OLD.state <> NEW.state AND NOT (
            (OLD.state = 'queued' AND NEW.state IN ('sending', 'cancelled'))
            OR (OLD.state = 'sending' AND NEW.state IN ('sent', 'queued', 'needs-a-person'))
            OR (OLD.state = 'sent' AND NEW.state IN ('committed', 'needs-a-person'))
            OR (OLD.state = 'needs-a-person' AND (NEW.state IN ('queued', 'cancelled')
                OR (NEW.state = 'committed' AND OLD.sentAtMs IS NOT NULL)))))
        BEGIN SELECT RAISE(ABORT, 'no such step between the states of a delivery'); END;

        CREATE TRIGGER deliveryKept BEFORE DELETE ON delivery
        WHEN NOT EXISTS (
            SELECT 1 FROM exam, purge
            WHERE exam.id = OLD.exam AND purge.examID = exam.examID AND purge.version = exam.version)
        BEGIN SELECT RAISE(ABORT, 'a delivery is removed with its exam alone'); END;

        CREATE TRIGGER commitmentUnchanged BEFORE UPDATE ON commitmentRequest
        BEGIN SELECT RAISE(ABORT, 'a request is never changed'); END;
        """

    /// What the clinic asked for, sealed, and the identifiers that an exam has in the clinic's record.
    static let orders = """
        CREATE TABLE examOrder (
            examID TEXT PRIMARY KEY CHECK (length(examID) BETWEEN 1 AND 64 AND examID NOT GLOB '*[^A-Za-z0-9._-]*'),
            sealed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE recordIdentifiers (
            exam INTEGER PRIMARY KEY REFERENCES exam (id),
            json BLOB NOT NULL
        ) STRICT;

        CREATE TRIGGER recordIdentifiersNotReplaced BEFORE INSERT ON recordIdentifiers
        WHEN EXISTS (SELECT 1 FROM recordIdentifiers WHERE exam = NEW.exam)
        BEGIN SELECT RAISE(ABORT, 'the identifiers of an exam are never changed'); END;
        CREATE TRIGGER recordIdentifiersUnchanged BEFORE UPDATE ON recordIdentifiers
        BEGIN SELECT RAISE(ABORT, 'the identifiers of an exam are never changed'); END;
        CREATE TRIGGER recordIdentifiersKept BEFORE DELETE ON recordIdentifiers
        WHEN NOT EXISTS (
            SELECT 1 FROM exam, purge
            WHERE exam.id = OLD.exam AND purge.examID = exam.examID AND purge.version = exam.version)
        BEGIN SELECT RAISE(ABORT, 'the identifiers of an exam are removed with it alone'); END;
        """

    /// Who may do what: passphrases as scrypt hashes.
    static let accounts = """
        CREATE TABLE account (
            name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
            role TEXT NOT NULL CHECK (role IN ('technician', 'reader', 'administrator')),
            salt BLOB NOT NULL,
            rounds INTEGER NOT NULL,
            blockSize INTEGER NOT NULL,
            parallelism INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            failedTries INTEGER NOT NULL DEFAULT 0,
            lockedUntilMs INTEGER,
            addedAtMs INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER accountsKeepAnAdministrator BEFORE DELETE ON account
        WHEN OLD.role = 'administrator' AND (SELECT count(*) FROM account WHERE role = 'administrator') < 2
        BEGIN SELECT RAISE(ABORT, 'the last administrator stays'); END;
        """
}
