import * as z from "zod";

/** One table as EXPLAIN FORMAT=JSON says it is read. */
export interface MysqlTableAccess {
  /** Its alias where it has one. */
  readonly table: string;
  /** "ALL", "index", "range", "ref", "eq_ref" … */
  readonly access: string;
  /** Estimated rows read each time. */
  readonly rows: number;
  readonly possibleKeys: readonly string[];
  readonly key: string | null;
  /** Columns of its key that are used to find rows. */
  readonly keyParts?: readonly string[];
  /** What its key is compared with: "database.alias.column", "const". */
  readonly refs?: readonly string[];
  /** What is tested on its rows, with values. */
  readonly conditions: readonly string[];
  /** Read whole for each buffer of rows of the tables before it. */
  readonly joinBuffer: boolean;
  /** The derived table that is put together out of it, before anything is joined to that. */
  readonly builtInto?: string;
}

export interface MysqlPlan {
  readonly tables: readonly MysqlTableAccess[];
  readonly filesort: boolean;
  readonly temporaryTable: boolean;
  /** A subquery is run again for each row; MariaDB does not say. */
  readonly dependent: boolean;
  /** The optimizer's units; MariaDB gives none before 11. */
  readonly cost: number | null;
  /** Of the values that it was planned with no row has one, so that nothing is planned. */
  readonly impossible?: true;
}

const answerSchema = z.array(z.object({ EXPLAIN: z.string() })).min(1);
const planSchema = z.object({ query_block: z.record(z.string(), z.json()) });
const number = z.coerce.number();
const tableSchema = z.object({
  table_name: z.string(),
  access_type: z.string(),
  rows_examined_per_scan: number.optional(),
  rows: number.optional(),
  possible_keys: z.array(z.string()).optional(),
  key: z.string().optional(),
  used_key_parts: z.array(z.string()).optional(),
  ref: z.array(z.string()).optional(),
  attached_condition: z.string().optional(),
  index_condition: z.string().optional(),
  using_join_buffer: z.string().optional(),
  insert: z.json().optional(),
});
const costSchema = z.object({ cost_info: z.object({ query_cost: number }) });
const mariadbCostSchema = z.object({ cost: number });

/**
 * MySQL's format version 1 and MariaDB's; null for anything else. Version 2, the default since MySQL 9.5 or so, says
 * nothing of UPDATE and DELETE, so that version 1 is asked for.
 * https://dev.mysql.com/doc/refman/8.4/en/explain.html
 * https://mariadb.com/kb/en/explain-format-json/
 */
export function parseMysqlExplain(rows: unknown): MysqlPlan | null {
  const text = answerSchema.safeParse(rows).data?.[0]?.EXPLAIN;
  const plan = text === undefined ? null : planSchema.safeParse(jsonOf(text));
  if (!plan?.success) return null;
  const found: Found = { tables: [], filesort: false, temporaryTable: false, dependent: false };
  walk(plan.data.query_block, { joinBuffer: false, conditions: [] }, found);
  const { query_block } = plan.data;
  const cost =
    costSchema.safeParse(query_block).data?.cost_info.query_cost ??
    mariadbCostSchema.safeParse(query_block).data?.cost;
  const nothing = found.tables.length === 0 && /Impossible WHERE|no matching/i.test(text ?? "");
  return { ...found, cost: cost ?? null, ...(nothing ? { impossible: true } : {}) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Found {
  readonly tables: MysqlTableAccess[];
  filesort: boolean;
  temporaryTable: boolean;
  dependent: boolean;
}
interface Around {
  readonly joinBuffer: boolean;
  readonly conditions: readonly string[];
  readonly builtInto?: string;
}

function walk(value: z.core.util.JSONType, around: Around, found: Found): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, around, found);
    return;
  }
  if (value === null || typeof value !== "object") return;
  note(value, found);
  const table = tableSchema.safeParse(value);
  if (table.success) addTable(table.data, around, found);
  for (const [name, inner] of Object.entries(value)) {
    const joined = name === "block-nl-join";
    const owner = table.data?.table_name;
    const nested = joined
      ? { ...around, joinBuffer: true, conditions: conditionIn(inner) }
      : within(name, around, owner);
    // The result of a UNION is always a temporary table, and a small one if its parts are.
    if (name === "union_result" && typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
      walk(inner["query_specifications"] ?? null, nested, found);
    } else walk(inner, nested, found);
  }
}

/** What is joined holds only for the table right inside; that something is built of it, for all of them. */
function within(name: string, around: Around, owner: string | undefined): Around {
  if (name === "table") return around;
  const built = name === "materialized_from_subquery" && owner !== undefined ? { builtInto: owner } : {};
  return { ...around, ...built, joinBuffer: false, conditions: [] };
}

function note(value: Readonly<Record<string, z.core.util.JSONType>>, found: Found): void {
  if (value["using_filesort"] === true || "filesort" in value) found.filesort = true;
  if (value["dependent"] === true) found.dependent = true;
  if (value["using_temporary_table"] === true || "temporary_table" in value) found.temporaryTable = true;
}

function conditionIn(value: z.core.util.JSONType): readonly string[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  const condition = value["attached_condition"];
  return typeof condition === "string" ? [condition] : [];
}

function addTable(table: z.infer<typeof tableSchema>, around: Around, found: Found): void {
  // "<subquery2>", "<union1,2>": what was put together on the way; and the target of an INSERT.
  if (table.table_name.startsWith("<") || table.insert !== undefined) return;
  const conditions = [table.attached_condition, table.index_condition, ...around.conditions];
  found.tables.push({
    table: table.table_name,
    access: table.access_type,
    rows: table.rows_examined_per_scan ?? table.rows ?? 0,
    possibleKeys: table.possible_keys ?? [],
    key: table.key ?? null,
    keyParts: table.used_key_parts ?? [],
    refs: table.ref ?? [],
    conditions: conditions.filter((condition) => condition !== undefined),
    joinBuffer: around.joinBuffer || table.using_join_buffer !== undefined,
    ...(around.builtInto === undefined ? {} : { builtInto: around.builtInto }),
  });
}
