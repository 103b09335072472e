import * as z from "zod";
import { defineProbe } from "../define.ts";
import {
  type PostgresConstraintRow,
  postgresConstraintRowSchema,
  postgresConstraintsRows,
} from "./constraints-rows.ts";
import { lockedRelations, userSchemas } from "./sizes-sql.ts";

const sql = (major: number): string => `
  with ${lockedRelations}
  select n.nspname as schema, t.relname as table, k.conname as constraint,
    case k.contype when 'f' then 'foreign-key' when 'c' then 'check' when 'n' then 'not-null' else 'other' end as kind,
    case when k.conrelid in (select relation from locked) then null else pg_get_constraintdef(k.oid) end as definition, greatest(t.reltuples, 0)::float8 as "tableRows",
    ${major >= 18 ? "k.conenforced" : "true"} as enforced,
    format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, t.relname, k.conname) as validate, pg_get_userbyid(t.relowner)::text as owner
  from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
  where not k.convalidated and k.conparentid = 0 and ${userSchemas}
  order by t.reltuples desc, k.oid limit 200`;

export const postgresConstraints = defineProbe({
  ...postgresConstraintsRows,
  spec: ["P14"],
  title: "Which constraints were never checked against the rows?",
  engines: ["postgres"],
  tier: "health",
  cost: "One pass over pg_constraint.",
  needs: [],
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/catalog-pg-constraint.html",
  statements: ({ server }) => [{ sql: sql(server.major) }],
  read: ([rows = []]): PostgresConstraintRow[] => z.array(postgresConstraintRowSchema).parse(rows),
});
