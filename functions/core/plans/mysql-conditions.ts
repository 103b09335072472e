import { lexSql } from "../text/lex-sql.ts";

export interface MysqlCondition {
  readonly table: string;
  readonly column: string;
  readonly kind: "equality" | "range";
}

interface Reference {
  readonly table: string;
  readonly column: string;
}
export type Pieces = readonly string[];

/**
 * The conditions that an index could serve, of those that a plan's "attached_condition" joins with AND: others (OR,
 * functions of a column, LIKE '%…') are left out, and so are the values.
 */
export function mysqlConditions(condition: string): readonly MysqlCondition[] {
  return conjuncts(mysqlPieces(condition)).flatMap(conditionsOf);
}

export function mysqlPieces(condition: string): Pieces {
  return [...lexSql(condition, "mysql")]
    .filter(({ kind }) => kind !== "space" && kind !== "comment")
    .map(({ text }) => text);
}

export function conjuncts(pieces: Pieces): readonly Pieces[] {
  const parts = splitAtAnd(unwrapped(pieces));
  const [only = [], ...more] = parts;
  if (more.length > 0) return parts.flatMap(conjuncts);
  return only.length > 0 ? [only] : [];
}

/** The sides of each OR among what AND joins. */
export function alternatives(pieces: Pieces): readonly (readonly Pieces[])[] {
  const bare = unwrapped(pieces);
  const sides = splitAtOr(bare);
  if (sides.length > 1) return [sides];
  const parts = splitAtAnd(bare);
  return parts.length > 1 ? parts.flatMap(alternatives) : [];
}

function splitAtOr(pieces: Pieces): readonly Pieces[] {
  const sides: string[][] = [[]];
  let depth = 0;
  for (const piece of pieces) {
    if (depth === 0 && piece.toLowerCase() === "or") sides.push([]);
    else sides.at(-1)?.push(piece);
    depth += depthChange(piece);
  }
  return sides;
}

/** Nothing of what OR or XOR joins. The AND of BETWEEN belongs to it. */
function splitAtAnd(pieces: Pieces): readonly Pieces[] {
  const parts: string[][] = [[]];
  let depth = 0;
  let between = false;
  for (const piece of pieces) {
    const word = depth === 0 ? piece.toLowerCase() : "";
    if (word === "or" || word === "xor") return [];
    if (word === "and" && !between) parts.push([]);
    else parts.at(-1)?.push(piece);
    if (word === "between" || word === "and") between = word === "between";
    depth += depthChange(piece);
  }
  return parts;
}

function depthChange(piece: string): number {
  if (piece === "(") return 1;
  return piece === ")" ? -1 : 0;
}

/** "((a))" → "a", but "(a) and (b)" stays. */
function unwrapped(pieces: Pieces): Pieces {
  if (pieces[0] !== "(" || pieces.at(-1) !== ")") return pieces;
  let depth = 0;
  for (const [at, piece] of pieces.entries()) {
    depth += depthChange(piece);
    if (depth === 0 && at < pieces.length - 1) return pieces;
  }
  return unwrapped(pieces.slice(1, -1));
}

/** Of one of what AND joins; empty where no index could serve it. */
export function conditionsOf(pieces: Pieces): readonly MysqlCondition[] {
  const left = referenceAt(pieces);
  if (left === null) return [];
  const rest = pieces.slice(left.length);
  const { kind, operand } = operatorOf(rest);
  if (kind === null) return [];
  const right = referenceAt(operand);
  const whole = right !== null && right.length === operand.length;
  if (right?.table === left.table) return [];
  const own = { table: left.table, column: left.column, kind };
  return whole && right ? [own, { table: right.table, column: right.column, kind }] : [own];
}

interface Operator {
  readonly kind: MysqlCondition["kind"] | null;
  /** What it compares with; empty where that does not matter. */
  readonly operand: Pieces;
}

function operatorOf(rest: Pieces): Operator {
  const [first = "", second = "", third = ""] = rest.map((piece) => piece.toLowerCase());
  switch (first) {
    case "=":
      return { kind: "equality", operand: rest.slice(1) };
    case "<":
    case ">":
      return comparison(rest, second, third);
    case "in":
      return { kind: "equality", operand: [] };
    case "is":
      return { kind: second === "null" ? "equality" : null, operand: [] };
    case "between":
      return { kind: "range", operand: rest.slice(1) };
    case "like":
      return { kind: /^'[^%_]/.test(second) ? "range" : null, operand: [] };
    default:
      return { kind: null, operand: [] };
  }
}

/** "<", "<=", "<=>" and "<>", which the lexer takes apart. */
function comparison(rest: Pieces, second: string, third: string): Operator {
  if (second === ">") return { kind: null, operand: [] };
  if (second === "=" && third === ">") return { kind: "equality", operand: rest.slice(3) };
  return { kind: "range", operand: rest.slice(second === "=" ? 2 : 1) };
}

/** [schema .] table . column at the beginning, and how many pieces it takes. */
export function referenceAt(pieces: Pieces): (Reference & { readonly length: number }) | null {
  const names: string[] = [];
  let at = 0;
  while (isName(pieces[at])) {
    names.push(plain(pieces[at] ?? ""));
    at += 1;
    if (pieces[at] !== ".") break;
    at += 1;
  }
  const [column, table] = names.toReversed();
  if (column === undefined || table === undefined || pieces[at] === "(") return null;
  return { table, column, length: at };
}

function isName(piece: string | undefined): boolean {
  return piece !== undefined && (/^[\p{L}_][\p{L}\p{N}_$]*$/u.test(piece) || /^`[^`]/.test(piece));
}

function plain(name: string): string {
  return name.startsWith("`") ? name.slice(1, -1).replaceAll("``", "`") : name;
}
