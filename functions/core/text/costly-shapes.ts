import type { Engine } from "../contract/target.ts";
import type { CostlyShape } from "./costly-shape.ts";
import { rangeShapes } from "./range-shapes.ts";

const columnFunctions =
  "lower|upper|trim|btrim|substr|substring|left|right|concat|coalesce|ifnull|nvl|date|year|month|day|hour|cast|convert|date_format|date_trunc|date_part|extract|to_char|to_date|unix_timestamp|from_unixtime|str_to_date|abs|round|floor|ceil|mod|length|char_length|md5|replace";

/**
 * Of a normalised statement; what it means is not known, so that each is what to look at, not a verdict. A client makes
 * the text: a word is tried at its beginning alone and what lies between is bounded, so that the time grows as the text.
 */
export function costlyShapes(query: string | null, engine: Engine): readonly CostlyShape[] {
  const text = plain(query ?? "");
  const where = /\b(?:where|on) (.*)$/.exec(text)?.[1] ?? "";
  return [
    /\border by (?:rand|random)\(\)/.test(text) ? randomOrder(engine) : null,
    hasOr(where) ? orOfColumns : null,
    isCorrelated(text) ? correlated : null,
    takenFromColumn(where, engine),
    /\bbinary [a-z_][\w.]* ?(?:=|<|>|like\b|in\b|between\b)/.test(where) ? binaryColumn : null,
    /(?:\blike|~~?\*?) ?(?:\?|\$\d|concat\()|\bregexp\b|\brlike\b/.test(where) ? pattern(engine) : null,
    /= ?any\(\(?(?!select\b)[a-z_][\w.]*\)/.test(where) ? memberOfColumn : null,
    makesVectors(where) ? madeVectors : null,
    ...(engine === "postgres" ? rangeShapes(where) : []),
    /\bnot in ?\(select\b/.test(text) ? notIn : null,
    /\boffset (?:\?|\$\d)/.test(text) ? offset : null,
    /\blimit (?:\?|\$\d) ?, ?(?:\?|\$\d|\.\.\.)/.test(text) ? firstOfTwo : null,
    !/\bwhere\b/.test(text) && /\b(?:group by|distinct|sum\(|count\(|avg\(|min\(|max\()/.test(text)
      ? wholeTable
      : null,
  ].filter((shape) => shape !== null);
}

/** What makes any statement less; of a count, as pagers ask one for each page, what spares it. */
export function lessOf(query: string | null): string {
  return /^select count\((?!.*\bgroup by\b)/.test(plain(query ?? ""))
    ? "a narrower condition, a kept count, or, where it is for a pager, asking only whether another row follows (LIMIT one more than is shown)"
    : "fewer rows (a narrower condition), a kept result, fewer calls, or a replica for reports";
}

/** In lower case, without quotes and with no blanks around points and parentheses. */
function plain(query: string): string {
  return query
    .toLowerCase()
    .replace(/\/\*.*?\*\/|[`"]/g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([.()]) ?/g, "$1")
    .replace(/\b(in|and|or|where|from|select|by|on|not|exists|join)\(/g, "$1 (")
    .replace(/\)(and|or|as|from|where|group|order|limit|union)\b/g, ") $1")
    .replace(/\b(in|exists) \(/g, "$1 (")
    .replace(/\( ?select\b/g, "(select");
}

/** Two different columns, either of which would do: no index serves both. */
function hasOr(where: string): boolean {
  const compared = [
    ...where.matchAll(/(?<![\w$.])([a-z_][\w$.]*)(?:\))? ?(?:=|<|>|!|~| like\b| in\b| is\b| between\b)/g),
  ];
  return compared.some(({ index, 0: first, 1: column }, at) => {
    const next = compared[at + 1];
    if (next === undefined) return false;
    const between = where.slice(index + first.length, next.index);
    return /\bor\b/.test(between) && !/\band\b/.test(between) && next[1] !== column;
  });
}

/** A subquery that names a table which only the statement around it reads. */
function isCorrelated(text: string): boolean {
  return [...text.matchAll(/\(select\b/g)].some(({ index }) => {
    const inner = text.slice(index, closing(text, index));
    const named = new Set(
      [
        ...inner.matchAll(
          /\b(?:from|join) \(?(?:\w+\.)?(\w+)(?: (?:as )?(\w+))?|, ?(?:\w+\.)?(\w+)(?: (?:as )?(\w+))?/g,
        ),
      ].flatMap(([, ...names]) => names.filter((name) => name !== undefined)),
    );
    const schemas = new Set([...inner.matchAll(/\b(?:from|join) \(?(\w+)\./g)].map(([, name]) => name));
    return [...inner.matchAll(/\b([a-z_]\w*)\.[a-z_]/g)].some(
      ([, table]) => table !== undefined && !named.has(table) && !schemas.has(table),
    );
  });
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return text.length;
}

function takenFromColumn(where: string, engine: Engine): CostlyShape | null {
  if (engine !== "postgres" && takesApart.test(where)) return memberOfDocument;
  return wrapsColumn(where) ? functionOfColumn(engine, where) : null;
}

/** What an index can be made on as it stands: one function of one column. */
const plainWrap = /\b(lower|upper|md5)\((?:[a-z_]\w{0,63}\.)?([a-z_]\w{0,63})\) ?(?:=|in\b)/;

function wrapsColumn(where: string): boolean {
  const wrapped = new RegExp(
    String.raw`\b(?:${columnFunctions})\((?:\w{1,64} from )?\(?[a-z_][^)]{0,400}\)+(?:::\w+)? ?(?:=|<|>|~|like\b|in\b|between\b)`,
  );
  return wrapped.test(where) || /(?<![\w.])[a-z_][\w.]*::date ?[=<>]/.test(where);
}

/** Of a column, and to be searched: not of a parameter, and not to rank by a stored one. */
function makesVectors(where: string): boolean {
  const [conditions = ""] = where.split(" order by ");
  const [, made = ""] = /\bto_tsvector\(([^@]{1,1000})@@/.exec(conditions) ?? [];
  return /[a-z_]/.test(made.replace(/::\w+|\b[a-z_]\w*\(/g, ""));
}

const orOfColumns: CostlyShape = {
  what: "OR over different columns, which no single index serves",
  instead:
    "one SELECT for each side, put together by UNION: each is then found by an index of its own column, where there is one",
};
const correlated: CostlyShape = {
  what: "a subquery that depends on the row outside is run again for each such row",
  instead:
    "a join with the subquery computed once and grouped, or a window function; an index on the columns that it compares makes each run cheap",
};
/** https://www.postgresql.org/docs/current/indexes-types.html#INDEXES-TYPES-GIN (operators of arrays) */
const memberOfColumn: CostlyShape = {
  what: "= ANY (column), which no index answers, neither B-tree nor GIN",
  instead:
    "column @> ARRAY[value] says the same (but for NULL), and a GIN index on the column answers it, one that is there already as well",
};
/** A word that ends the first argument; where it ends is asked once for each function, not at each letter. */
const takesApart =
  /\bjson_(?:unquote|extract|value)\([^?$,]{0,300}(?= ?,)(?<=[a-z_][\w.]{0,130})|(?<![\w.])[a-z_][\w.]* ?->>? ?[?']/;
/** https://dev.mysql.com/doc/refman/8.4/en/create-table-secondary-indexes.html#json-column-indirect-index */
const memberOfDocument: CostlyShape = {
  what: "a member of a JSON document is compared, for which each document is taken apart, whatever index its column has",
  instead: "a generated column that holds the member, indexed and named in the statement",
};
/** https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html#operator_binary */
const binaryColumn: CostlyShape = {
  what: "BINARY before a column, which no index on it serves, whatever its collation",
  instead:
    "the bare column compared first (column = ? AND BINARY column = ?), whose index leaves few rows to compare byte by byte, or a column in a _bin collation",
};
/** https://www.postgresql.org/docs/current/textsearch-tables.html#TEXTSEARCH-TABLES-INDEX */
const madeVectors: CostlyShape = {
  what: "a text search that makes the vector (to_tsvector) of each row it comes to, again at each call, unless an index on the very expression finds them",
  instead:
    "a generated tsvector column with a GIN index, searched and ranked by in its place (a GIN index on the expression finds the rows, and ts_rank makes the vectors of those once more), or fewer rows",
};
const notIn: CostlyShape = {
  what: "NOT IN with a subquery",
  instead: "NOT EXISTS, which is planned as a join (and says the same only where there are no NULLs)",
};
const offset: CostlyShape = {
  what: "OFFSET reads and throws away every row before it",
  instead: "remember the last key that was shown and read on from there (WHERE key > …)",
};
/** Of a first page it is 0, and the normalised statement is the same. */
const firstOfTwo: CostlyShape = {
  ...offset,
  what: "LIMIT with two numbers reads and throws away as many rows as the first says",
};
const wholeTable: CostlyShape = {
  what: "it has no condition, so that every call computes the whole table again",
  instead: "keep the result (a summary table, a materialized view, a cache) or ask for the newest part only",
};

function randomOrder(engine: Engine): CostlyShape {
  const sample = engine === "postgres" ? "TABLESAMPLE, or " : "";
  return {
    what: "a random order, for which every row is numbered and sorted at each call",
    instead: `${sample}a random key chosen first and the rows from there on by the primary key; no index helps`,
  };
}

function functionOfColumn(engine: Engine, where: string): CostlyShape {
  const [, name, column] = plainWrap.exec(where) ?? [];
  const shown = name === undefined ? "" : `, as on (${name}(${column}))`;
  const index =
    engine === "mariadb"
      ? "an indexed generated column, named in the statement"
      : `an index on the expression${shown}`;
  return {
    what: "a condition on a function of a column, which an index on the bare column does not serve",
    instead: `the bare column compared with a range (column >= … AND column < …), or ${index}`,
  };
}

function pattern(engine: Engine): CostlyShape {
  return {
    what: "a search by pattern; one that begins with a wildcard is served by no B-tree",
    instead:
      engine === "postgres"
        ? "a trigram index (pg_trgm: GIN with gin_trgm_ops), which serves patterns of three letters and more"
        : "a FULLTEXT index and MATCH … AGAINST, which finds whole words only; parts of words want a search engine",
  };
}
