import Machine

/// Contacts at the crossings of rows and columns, read row by row.
struct Crosspoint {
  let rows: [Pin]
  let columns: [Pin]

  /// - Parameters:
  ///   - rows: open-drain outputs; they are let go of.
  ///   - columns: inputs with pull-ups.
  init(rows: [Pin], columns: [Pin]) {
    self.rows = rows
    self.columns = columns
    for row in rows { row.high() }
  }

  var count: Int { rows.count * columns.count }

  /// Returns the contacts that are closed: the bit of the last column of the last row is the lowest.
  func read() -> UInt64 {
    var closed: UInt64 = 0
    for row in rows {
      row.low()
      for column in columns { closed = closed << 1 | (column.level == .low ? 1 : 0) }
      row.high()
    }
    return closed
  }
}
