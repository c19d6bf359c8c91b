/// Splits comma-separated text into cells.
struct TextTableReader {
    private let characters: [Character]
    private let file: String
    private var place = 0
    private var line = 1
    private var column = 1

    init(_ text: String, file: String) {
        // A byte order mark, which some spreadsheets write, belongs to no cell.
        characters = Array(text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
        self.file = file
    }

    /// All rows with at least one filled cell.
    mutating func rows(atMost limit: Int) throws(CohortError) -> [[TextTable.Cell]] {
        var rows: [[TextTable.Cell]] = []
        while place < characters.count {
            if characters[place] == "#" {
                while place < characters.count, !characters[place].isNewline { advance() }
                if place < characters.count { advance() }
                continue
            }
            let row = try row()
            if row.contains(where: { !$0.text.isEmpty }) { rows.append(row) }
            guard rows.count <= limit else {
                throw problem("more than \(limit) rows", "give fewer")
            }
        }
        return rows
    }

    private mutating func row() throws(CohortError) -> [TextTable.Cell] {
        var cells: [TextTable.Cell] = []
        while true {
            cells.append(try cell())
            guard place < characters.count else { return cells }
            let isEnd = characters[place].isNewline
            advance()
            if isEnd { return cells }
        }
    }

    private mutating func cell() throws(CohortError) -> TextTable.Cell {
        while place < characters.count, characters[place] == " " { advance() }
        let begin = (line: line, column: column)
        var text = ""
        if place < characters.count, characters[place] == "\"" {
            text = try quoted()
        } else {
            while place < characters.count, characters[place] != ",", !characters[place].isNewline {
                guard characters[place] != "\"" else {
                    throw problem("a quote within a cell", "quote the whole cell and double the quotes in it")
                }
                text.append(characters[place])
                advance()
            }
            while text.last == " " { text.removeLast() }
        }
        return TextTable.Cell(text: text, line: begin.line, column: begin.column)
    }

    private mutating func quoted() throws(CohortError) -> String {
        let begin = self
        advance()
        var text = ""
        var isClosed = false
        while place < characters.count {
            if characters[place] == "\"" {
                advance()
                guard place < characters.count, characters[place] == "\"" else {
                    isClosed = true
                    break
                }
            }
            text.append(characters[place])
            advance()
        }
        guard isClosed else { throw begin.problem("the quoted cell does not end", "close the quotes") }
        while place < characters.count, characters[place] == " " { advance() }
        guard place == characters.count || characters[place] == "," || characters[place].isNewline else {
            throw problem("text after a quoted cell", "put a comma between")
        }
        return text
    }

    private func problem(_ what: String, _ remedy: String) -> CohortError {
        .tableNotReadable([TextTableProblem(file: file, line: line, column: column, what: what, remedy: remedy)])
    }

    private mutating func advance() {
        if characters[place].isNewline {
            line += 1
            column = 1
        } else {
            column += 1
        }
        place += 1
    }
}
