/// A source file's definitions at its top level, found without running it.
package struct SourceOutline: Sendable {
  package struct Function: Sendable {
    package var name: String
    package var line: Int
    package var isAsync: Bool
    /// Parameters that a call has to give.
    package var requiredParameters: [String]
  }

  package struct Class: Sendable {
    package var name: String
    package var line: Int
    /// As written: `unittest.TestCase`.
    package var bases: [String]
    package var methods: [Function]
  }

  package private(set) var functions: [Function] = []
  package private(set) var classes: [Class] = []

  /// - Throws: a text with the line, for a source that does not parse.
  package init(_ source: [UInt8], file: String) throws(SourceOutlineError) {
    let statements: [Statement]
    do throws(SyntaxProblem) {
      statements = try parseModule(source, file: file)
    } catch { throw SourceOutlineError(line: error.line, message: error.message) }
    for statement in statements {
      switch statement.kind {
      case .function(let definition): functions.append(Function(definition))
      case .class(let definition):
        classes.append(
          Class(
            name: definition.name, line: definition.line,
            bases: definition.bases.compactMap { $0.value.dottedName },
            methods: definition.body.compactMap { statement in
              guard case .function(let method) = statement.kind else { return nil }
              return Function(method)
            }))
      default: break
      }
    }
  }
}

/// A source file that does not parse.
package struct SourceOutlineError: Error, Sendable {
  package var line: Int
  package var message: String
}

extension SourceOutline.Function {
  fileprivate init(_ definition: FunctionDefinition) {
    self.init(
      name: definition.name, line: definition.line, isAsync: definition.isAsync,
      requiredParameters: definition.parameters.filter {
        switch $0.kind {
        case .star, .doubleStar: false
        default: $0.defaultValue == nil
        }
      }.map(\.name))
  }
}

extension Expression {
  /// A name, or names with dots between them.
  fileprivate var dottedName: String? {
    switch kind {
    case .name(let name): name
    case .attribute(let object, let name): object.dottedName.map { "\($0).\(name)" }
    default: nil
    }
  }
}
