import * as z from "zod";
import { calledIn, pairsIn } from "../../text/called-names.ts";
import { firstBarSql, foreignCodeTables } from "../../text/foreign-code-sql.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/**
 * What a read-only transaction does not hold back: functions that do more than compute, and whatever runs somebody
 * else's code with our rights, which a view and a domain's condition do without a word of it in the statement. Only the
 * server's and its extensions' functions are what they say they are, and some of them run what a text names.
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
const sql = `with recursive called as (select c->>0 as schema, c->>1 as name from json_array_elements($1::json) c),
named as (select c->>0 as schema, c->>1 as name from json_array_elements($2::json) c),
${foreignCodeTables}
select distinct format('%I.%I', n.nspname, p.proname) as name,
  case when p.provolatile = 'v' then 'volatile' when h.oid is not null then 'reach' else 'foreign' end as kind
from called c join pg_catalog.pg_proc p on p.proname = c.name
join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = coalesce(c.schema, 'pg_catalog')
left join reach h on h.oid = p.oid
where p.provolatile = 'v' or h.oid is not null
  or exists (select from code f where f.class = 'pg_catalog.pg_proc'::regclass and f.oid = p.oid)
union select format('%I.%I', c.schema, c.name), 'view' from named c
join pg_catalog.pg_namespace n on n.nspname = c.schema and n.nspname not in ('pg_catalog', 'information_schema')
join pg_catalog.pg_class r on r.relnamespace = n.oid and r.relname = c.name
where r.relkind in ('v', 'f') or r.relrowsecurity
union select format('%I.%I', c.schema, c.name), 'domain' from named c
join pg_catalog.pg_namespace n on n.nspname = c.schema and n.nspname not in ('pg_catalog', 'information_schema')
join pg_catalog.pg_type t on t.typnamespace = n.oid and t.typname = c.name and t.typtype = 'd'
union select format('%I.%I', c.schema, c.name), case l.why when 'away' then 'away' else 'leads' end from named c
join pg_catalog.pg_namespace n on n.nspname = c.schema
join pg_catalog.pg_class r on r.relnamespace = n.oid and r.relname = c.name join leads l on l.oid = r.oid
union select (${firstBarSql}), 'unnamed' where exists (select from bars)
order by 1 limit 5`;

const whys = {
  volatile: "does more than compute, or may",
  reach: "runs or reads what its argument names, or may",
  foreign: "is not the server's own, and would run with the acting user's rights",
  view: "is a view, a foreign table or has row security: what it calls would run with the acting user's rights",
  domain: "is a domain: what it checks would run with the acting user's rights",
  leads:
    "has statistics, an index, a condition or a default that would run somebody's code with the acting user's rights",
  away: "leads to a foreign table, and so to another server",
  unnamed:
    "leads to code that is not the server's own, which any statement may run with the acting user's rights",
} as const;
const rowSchema = z.object({
  name: z.string(),
  kind: z.enum(["volatile", "reach", "foreign", "view", "domain", "leads", "away", "unnamed"]),
});

/** Null: nothing in the statement does more than read. */
export async function doesMoreThanRead(
  { session, signal, target }: DatabaseWorld,
  statement: string,
): Promise<Check | null> {
  const called = calledIn(statement, target.engine);
  if (called === null) return refused("it holds a name that is read otherwise here than by the server");
  if (target.engine !== "postgres") {
    const [stored] = called.filter(([schema]) => schema !== null);
    return stored === undefined ? null : refused(`${stored.join(".")} is a stored function`);
  }
  const params = [called, pairsIn(statement)].map((names) => JSON.stringify(names ?? []));
  const found = z.array(rowSchema).parse(await session.query({ sql, params }, signal));
  return found.length === 0
    ? null
    : refused(found.map(({ name, kind }) => `${name} ${whys[kind]}`).join("; "));
}

function refused(why: string): Check {
  return refuse(
    "cannot-try",
    `The statement may do more than read: ${why}.`,
    "Nothing was built. A person gives one without it, or tries the index by hand.",
  );
}
