import type { MysqlToken } from "./mysql-token.ts";

export interface MysqlTableName {
  /** Null: the session's default schema. */
  readonly schema: string | null;
  readonly table: string;
  /** What the statement and its plan call it. */
  readonly alias: string;
}

/** Words after a table that are not its alias. */
const notAlias = new Set(
  `on using where join inner left right cross natural straight_join order group limit having union for lock use force
  ignore set partition window as except intersect offset returning procedure into`.split(/\s+/),
);

/** Every table named after FROM, JOIN or a comma between tables; names of WITH and of derived tables come along. */
export function tablesIn(tokens: readonly MysqlToken[]): readonly MysqlTableName[] {
  const tables: MysqlTableName[] = [];
  let listDepth = -1;
  for (let at = 0; at < tokens.length; at += 1) {
    const { word, text, depth } = tokens[at] ?? { word: "", text: "", depth: 0 };
    const starts = word === "from" || word === "join" || word === "straight_join";
    if (starts) listDepth = depth;
    else if (depth === listDepth && /^(where|order|group|limit|having|union|select)$/.test(word))
      listDepth = -1;
    if (!starts && !(text === "," && depth === listDepth)) continue;
    const named = tableAt(tokens, at + 1);
    if (named) tables.push(named);
  }
  return tables;
}

function tableAt(tokens: readonly MysqlToken[], at: number): MysqlTableName | null {
  const first = nameOf(tokens[at]);
  if (first === null) return null;
  const dotted = tokens[at + 1]?.text === ".";
  const second = dotted ? nameOf(tokens[at + 2]) : null;
  const next = at + (dotted ? 3 : 1);
  const named = second === null ? { schema: null, table: first } : { schema: first, table: second };
  const aliasAt = tokens[next]?.word === "as" ? next + 1 : next;
  const token = tokens[aliasAt];
  const alias = token && !notAlias.has(token.word) ? nameOf(token) : null;
  return { ...named, alias: alias ?? named.table };
}

/** The outermost ORDER BY, or else GROUP BY. Empty when it is no plain list of columns in one direction. */
export function orderColumns(tokens: readonly MysqlToken[]): readonly string[] {
  const order = tokens.findLastIndex(({ word, depth }) => depth === 0 && word === "order");
  const start =
    order < 0 ? tokens.findLastIndex(({ word, depth }) => depth === 0 && word === "group") : order;
  if (start < 0) return [];
  const rest = tokens.slice(start + 2);
  const end = rest.findIndex(
    ({ word, depth }) => depth === 0 && /^(limit|having|order|union|window|with)$/.test(word),
  );
  const items = split(end < 0 ? rest : rest.slice(0, end));
  const directions = new Set(items.map((item) => (item.at(-1)?.word === "desc" ? "desc" : "asc")));
  const columns = items.map(columnOf);
  const plain = columns.filter((column) => column !== null);
  return directions.size > 1 || plain.length < columns.length ? [] : plain;
}

function split(tokens: readonly MysqlToken[]): readonly (readonly MysqlToken[])[] {
  const items: MysqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === "," && token.depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

function columnOf(item: readonly MysqlToken[]): string | null {
  const words = item.filter(({ word }) => word !== "asc" && word !== "desc");
  const plain = words.every((token, at) => (at % 2 === 0 ? nameOf(token) !== null : token.text === "."));
  return plain && words.length % 2 === 1 ? nameOf(words.at(-1)) : null;
}

function nameOf(token: MysqlToken | undefined): string | null {
  if (token === undefined) return null;
  if (token.text.startsWith("`")) return token.text.slice(1, -1).replaceAll("``", "`");
  return token.word === "" ? null : token.text;
}
