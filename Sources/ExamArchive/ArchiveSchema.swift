internal import GRDB

/// The database's schema as numbered steps.
///
/// A step that was released is never changed: what has to be otherwise is a further step.
enum ArchiveSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 exams") { try $0.execute(sql: exams) }
        migrator.registerMigration("0002 exams that are signed") { try $0.execute(sql: signedExams) }
        migrator.registerMigration("0003 audit log") { try $0.execute(sql: audit) }
        migrator.registerMigration("0004 identities") { try $0.execute(sql: identities) }
        migrator.registerMigration("0005 outbox") { try $0.execute(sql: outbox) }
        migrator.registerMigration("0006 orders") { try $0.execute(sql: orders) }
        migrator.registerMigration("0007 accounts") { try $0.execute(sql: accounts) }
        return migrator
    }

    private static let exams = """
        CREATE TABLE archive (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            archiveID TEXT NOT NULL,
            createdAtMs INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE exam (
            id INTEGER PRIMARY KEY,
            examID TEXT NOT NULL CHECK (
                length(examID) BETWEEN 1 AND 64 AND examID GLOB '[A-Za-z0-9]*'
                AND examID NOT GLOB '*[^A-Za-z0-9._-]*'),
            version INTEGER NOT NULL CHECK (version >= 1),
            state TEXT NOT NULL CHECK (state IN ('draft', 'acquired', 'analysed', 'signed', 'amended')),
            subjectCode TEXT NOT NULL CHECK (
                length(subjectCode) BETWEEN 1 AND 64 AND subjectCode NOT GLOB '*[^A-Za-z0-9._-]*'),
            folder TEXT NOT NULL UNIQUE CHECK (
                folder GLOB '[A-Za-z0-9]*' AND folder NOT GLOB '*[^A-Za-z0-9._+-]*'),
            amends INTEGER UNIQUE REFERENCES exam (id),
            amendmentReason TEXT,
            startedAt TEXT,
            isSimulated INTEGER CHECK (isSimulated IN (0, 1)),
            verdict TEXT,
            criteriaMet INTEGER,
            criteriaOpen INTEGER,
            vhissLow INTEGER,
            vhissHigh INTEGER,
            addedAtMs INTEGER NOT NULL,
            signedAtMs INTEGER,
            signedBy TEXT,
            documentsSHA256 BLOB CHECK (documentsSHA256 IS NULL OR length(documentsSHA256) = 32),
            UNIQUE (examID, version),
            CHECK ((amends IS NULL) = (version = 1)),
            CHECK ((amends IS NULL) = (amendmentReason IS NULL)),
            CHECK ((state IN ('signed', 'amended')) = (signedAtMs IS NOT NULL)),
            CHECK ((signedAtMs IS NULL) = (signedBy IS NULL)),
            CHECK ((signedAtMs IS NULL) = (documentsSHA256 IS NULL))
        ) STRICT;

        CREATE TABLE examFile (
            exam INTEGER NOT NULL REFERENCES exam (id),
            name TEXT NOT NULL CHECK (
                name NOT GLOB '/*' AND name NOT GLOB '*..*' AND name NOT GLOB '*[^A-Za-z0-9._/-]*'),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            recording TEXT,
            PRIMARY KEY (exam, name)
        ) STRICT, WITHOUT ROWID;

        -- Folders that no exam has any more, until they are removed from the disk.
        CREATE TABLE discardedFolder (folder TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

        -- Exams that were purged: written with the deletion, never removed.
        CREATE TABLE purge (
            examID TEXT NOT NULL,
            version INTEGER NOT NULL,
            atMs INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (examID, version)
        ) STRICT, WITHOUT ROWID;
        """

    private static let signedExams = """
        CREATE TRIGGER examBeginsUnsigned BEFORE INSERT ON exam
        WHEN NEW.state IN ('signed', 'amended')
        BEGIN SELECT RAISE(ABORT, 'an exam begins unsigned'); END;

        CREATE TRIGGER examNotReplaced BEFORE INSERT ON exam
        WHEN EXISTS (SELECT 1 FROM exam WHERE id = NEW.id OR (examID = NEW.examID AND version = NEW.version))
        BEGIN SELECT RAISE(ABORT, 'an exam is never put in the place of another'); END;

        CREATE TRIGGER examNotPurgedBefore BEFORE INSERT ON exam
        WHEN EXISTS (SELECT 1 FROM purge WHERE examID = NEW.examID AND version = NEW.version)
        BEGIN SELECT RAISE(ABORT, 'an exam of this id was purged'); END;

        CREATE TRIGGER amendsSigned BEFORE INSERT ON exam
        WHEN NEW.amends IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM exam WHERE id = NEW.amends AND state = 'signed'
            AND examID = NEW.examID AND version = NEW.version - 1 AND subjectCode = NEW.subjectCode)
        BEGIN SELECT RAISE(ABORT, 'an amendment names the signed version before it'); END;

        CREATE TRIGGER examKeepsItsName BEFORE UPDATE ON exam
        WHEN NEW.id IS NOT OLD.id OR NEW.examID IS NOT OLD.examID OR NEW.version IS NOT OLD.version
            OR NEW.subjectCode IS NOT OLD.subjectCode OR NEW.amends IS NOT OLD.amends
            OR NEW.amendmentReason IS NOT OLD.amendmentReason OR NEW.addedAtMs IS NOT OLD.addedAtMs
        BEGIN SELECT RAISE(ABORT, 'an exam keeps its id, version, subject and predecessor'); END;

        CREATE TRIGGER examSteps BEFORE UPDATE OF state ON exam
        WHEN NOT (
            (OLD.state = 'draft' AND NEW.state IN ('draft', 'acquired', 'analysed'))
            OR (OLD.state = 'acquired' AND NEW.state IN ('acquired', 'analysed'))
            OR (OLD.state = 'analysed' AND NEW.state IN ('analysed', 'signed'))
            OR (OLD.state = 'signed' AND NEW.state = 'amended' AND EXISTS (
                SELECT 1 FROM exam WHERE amends = OLD.id AND state = 'signed')))
        BEGIN SELECT RAISE(ABORT, 'no such step between the states of an exam'); END;

        CREATE TRIGGER signedExamUnchanged BEFORE UPDATE ON exam
        WHEN OLD.state IN ('signed', 'amended') AND (
            OLD.state = 'amended' OR NEW.state <> 'amended'
            OR NEW.folder IS NOT OLD.folder OR NEW.startedAt IS NOT OLD.startedAt
            OR NEW.isSimulated IS NOT OLD.isSimulated OR NEW.verdict IS NOT OLD.verdict
            OR NEW.criteriaMet IS NOT OLD.criteriaMet OR NEW.criteriaOpen IS NOT OLD.criteriaOpen
            OR NEW.vhissLow IS NOT OLD.vhissLow OR NEW.vhissHigh IS NOT OLD.vhissHigh
            OR NEW.signedAtMs IS NOT OLD.signedAtMs OR NEW.signedBy IS NOT OLD.signedBy
            OR NEW.documentsSHA256 IS NOT OLD.documentsSHA256)
        BEGIN SELECT RAISE(ABORT, 'a signed exam is never changed'); END;

        CREATE TRIGGER examKept BEFORE DELETE ON exam
        WHEN NOT EXISTS (SELECT 1 FROM purge WHERE examID = OLD.examID AND version = OLD.version)
        BEGIN SELECT RAISE(ABORT, 'an exam is removed by a purge alone'); END;

        CREATE TRIGGER signedFilesNotAdded BEFORE INSERT ON examFile
        WHEN EXISTS (SELECT 1 FROM exam WHERE id = NEW.exam AND state IN ('signed', 'amended'))
        BEGIN SELECT RAISE(ABORT, 'the documents of a signed exam are never changed'); END;

        CREATE TRIGGER filesUnchanged BEFORE UPDATE ON examFile
        BEGIN SELECT RAISE(ABORT, 'the entry of a file is never changed'); END;

        CREATE TRIGGER signedFilesKept BEFORE DELETE ON examFile
        WHEN EXISTS (
            SELECT 1 FROM exam WHERE id = OLD.exam AND state IN ('signed', 'amended') AND NOT EXISTS (
                SELECT 1 FROM purge WHERE purge.examID = exam.examID AND purge.version = exam.version))
        BEGIN SELECT RAISE(ABORT, 'the documents of a signed exam are never changed'); END;

        CREATE TRIGGER purgeOfKnownExams BEFORE INSERT ON purge
        WHEN NOT EXISTS (SELECT 1 FROM exam WHERE examID = NEW.examID AND version = NEW.version)
        BEGIN SELECT RAISE(ABORT, 'only an exam that is here is purged'); END;
        CREATE TRIGGER purgeUnchanged BEFORE UPDATE ON purge
        BEGIN SELECT RAISE(ABORT, 'a purge is never changed'); END;
        CREATE TRIGGER purgeKept BEFORE DELETE ON purge
        BEGIN SELECT RAISE(ABORT, 'a purge is never removed'); END;
        """

    private static let audit = """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
            atMs INTEGER NOT NULL,
            isClockSetBack INTEGER NOT NULL CHECK (isClockSetBack IN (0, 1)),
            actor TEXT NOT NULL,
            event TEXT NOT NULL,
            examID TEXT,
            version INTEGER,
            details TEXT NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;

        CREATE TRIGGER auditAppended BEFORE INSERT ON audit
        WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
        CREATE TRIGGER auditUnchanged BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'a line of the audit log is never changed'); END;
        CREATE TRIGGER auditKept BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'a line of the audit log is never removed'); END;
        """

    private static let identities = """
        CREATE TABLE identityKey (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'keyFile')),
            salt BLOB,
            rounds INTEGER,
            blockSize INTEGER,
            parallelism INTEGER,
            probe BLOB NOT NULL,
            CHECK ((kind = 'passphrase') = (salt IS NOT NULL))
        ) STRICT;

        CREATE TABLE identity (
            subjectCode TEXT PRIMARY KEY,
            sealed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
