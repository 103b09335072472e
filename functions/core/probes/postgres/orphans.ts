import * as z from "zod";
import { defineProbe } from "../define.ts";
import { readAllData } from "./index-bloat.ts";
import { type PostgresOrphansRow, postgresOrphansRows } from "./orphans-rows.ts";
import { lockedRelations, userSchemas } from "./sizes-sql.ts";

const maxForeignKeys = 3;
const maxCheckedRows = 200_000;

/**
 * Validated keys with working triggers have no orphans, so only the others are looked into; the smallest tables,
 * because those can be answered in full. Equality is the operator of the constraint. MATCH FULL: one null is enough
 * to have no parent, all nulls is none.
 */
const suspects = `
  with ${lockedRelations}
  select k.conrelid in (select relation from locked) or k.confrelid in (select relation from locked) as queued,
    n.nspname as schema, t.relname as table, k.conname as constraint,
    format('%I.%I', pn.nspname, p.relname) as parent, t.relkind = 'r' as only_child, p.relkind = 'r' as only_parent,
    format('%I.%I', n.nspname, t.relname) as child,
    case when not k.convalidated then 'not-validated' else 'triggers-disabled' end as because,
    c.present, c.matches, pg_get_userbyid(t.relowner)::text as owner,
    case when k.conrelid in (select relation from locked)
      or t.relkind = 'p' and current_setting('server_version_num')::int < 180000 then null else pg_get_constraintdef(k.oid) end as definition
  from pg_constraint k
    join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
    cross join lateral (
      select string_agg(format('c.%I is not null', a.attname), case k.confmatchtype when 'f' then ' or ' else ' and ' end)
          as present,
        string_agg(format('p.%I operator(%I.%s) c.%I', b.attname, s.nspname, o.oprname, a.attname), ' and ') as matches
      from unnest(k.conkey, k.confkey, k.conpfeqop) u(child, parent, op)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.child
        join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent
        join pg_operator o on o.oid = u.op join pg_namespace s on s.oid = o.oprnamespace) c
  where k.contype = 'f' and k.conparentid = 0 and ${userSchemas}
    and (not k.convalidated or exists (
      select from pg_trigger g where g.tgconstraint = k.oid and g.tgrelid = k.conrelid and g.tgenabled = 'D'))
  order by t.reltuples, k.oid
  limit ${maxForeignKeys}`;

const suspectSchema = z.object({
  /** Somebody holds or awaits one of its tables exclusively. */
  queued: z.boolean(),
  schema: z.string(),
  table: z.string(),
  constraint: z.string(),
  parent: z.string(),
  child: z.string(),
  only_child: z.boolean(),
  only_parent: z.boolean(),
  because: z.enum(["not-validated", "triggers-disabled"]),
  present: z.string(),
  matches: z.string(),
  owner: z.string().nullable(),
  definition: z.string().nullable(),
});
type Suspect = z.infer<typeof suspectSchema>;

const countSchema = z.object({ checked: z.number(), orphaned: z.number() });
const failedSchema = z.object({ failed: z.string() });

export const postgresOrphans = defineProbe({
  ...postgresOrphansRows,
  spec: ["P14"],
  title: "Do foreign keys that were never validated have rows without a parent?",
  engines: ["postgres"],
  tier: "health",
  cost: `At most ${maxForeignKeys} foreign keys, ${maxCheckedRows} referencing rows of each joined with its parent; none when all are validated.`,
  needs: [readAllData],
  maxRows: maxForeignKeys,
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  statements: () => [{ sql: suspects }],
  follow: ([rows = []]) =>
    z
      .array(suspectSchema)
      .parse(rows)
      .map((suspect) => ({ sql: countOrphans(suspect), mayFail: true as const })),
  read: ([rows = [], ...counts]): PostgresOrphansRow[] =>
    z
      .array(suspectSchema)
      .parse(rows)
      .map((suspect, index) => orphansOf(suspect, counts[index]?.[0])),
});

function countOrphans({ queued, child, parent, only_child, only_parent, present, matches }: Suspect): string {
  if (queued) return "select 'somebody queues for its table, and a look would queue as well' as failed";
  return `
    select count(*)::float8 as checked, count(*) filter (where orphan)::float8 as orphaned
    from (
      select (${present}) and not exists (select from ${only_parent ? "only " : ""}${parent} p where ${matches}) as orphan
      from (select * from ${only_child ? "only " : ""}${child} limit ${maxCheckedRows}) c) looked_at`;
}

function orphansOf(suspect: Suspect, answer: unknown): PostgresOrphansRow {
  const { schema, table, constraint, child, parent, because, present, matches, owner, definition } = suspect;
  const select = `SELECT c.* FROM ${child} c WHERE (${present}) AND NOT EXISTS (SELECT FROM ${parent} p WHERE ${matches}) LIMIT 100`;
  const head = { schema, table, constraint, referencedTable: parent, because, select, owner, definition };
  const counted = countSchema.safeParse(answer);
  if (!counted.success) {
    const failed = failedSchema.safeParse(answer);
    const reason = failed.success ? failed.data.failed : "not asked";
    return { ...head, orphanedRows: null, checkedRows: null, partial: true, reason };
  }
  const { checked, orphaned } = counted.data;
  return {
    ...head,
    orphanedRows: orphaned,
    checkedRows: checked,
    partial: checked >= maxCheckedRows,
    reason: null,
  };
}
