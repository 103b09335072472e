import * as z from "zod";
import { defineProbe } from "../define.ts";
import { pairs, perSecond } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { postgresSlruRows, type SlruRow } from "./slru-rows.ts";

const answerSchema = z.object({
  at_seconds: z.number(),
  name: z.string(),
  hits: z.number(),
  reads: z.number(),
});
const overflowSchema = z.object({ pid: z.number().int(), subtransactions: z.number().int() });
const controlSchema = z.object({ members: z.number(), ids: z.number() });

/** 17 gave them new names. https://www.postgresql.org/docs/17/release-17.html */
const newNames: Readonly<Record<string, string>> = {
  Subtrans: "subtransaction",
  MultiXactMember: "multixact_member",
  MultiXactOffset: "multixact_offset",
};

const sql = `
  select ${atSeconds}, name, blks_hit::float8 as hits, blks_read::float8 as reads from pg_stat_slru
  where name in ('Subtrans', 'MultiXactMember', 'MultiXactOffset', 'subtransaction', 'multixact_member', 'multixact_offset')`;

const overflowSql = `
  select pg_stat_get_backend_pid(id) as pid, s.subxact_count as subtransactions
  from pg_stat_get_backend_idset() as id cross join lateral pg_stat_get_backend_subxact(id) as s
  where s.subxact_overflowed limit 20`;

/** Up to 18 nothing else tells of the members' space. Where it is refused the rest is still worth having. */
const controlSql = `
  select next_multi_offset::text::float8 as members, next_multixact_id::text::float8 as ids from pg_control_checkpoint()`;

export const postgresSlru = defineProbe({
  ...postgresSlruRows,
  spec: ["P6", "P13"],
  title: "Do subtransactions and multixacts outgrow their caches?",
  engines: ["postgres"],
  tier: "performance",
  cost: "A few counters, read twice, and one pass over the sessions; constant.",
  needs: [],
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SLRU-VIEW",
  samples: 2,
  statements: () => [{ sql }],
  follow: (_answers, { server }) => [
    { sql: controlSql, mayFail: true },
    ...(server.major >= 16 ? [{ sql: overflowSql, mayFail: true as const }] : []),
  ],
  read: ([first, second, control, overflow]): SlruRow[] => {
    const counters = pairs(answerSchema, first, second, ({ name }) => name);
    return [
      {
        intervalSeconds: Math.max(0, ...counters.map(({ seconds }) => seconds)),
        caches: counters.map(({ before, after, seconds }) => ({
          name: newNames[after.name] ?? after.name,
          hitsPerSecond: perSecond(before?.hits, after.hits, seconds),
          readsPerSecond: perSecond(before?.reads, after.reads, seconds),
        })),
        overflowed: z.array(overflowSchema).safeParse(overflow).data ?? null,
        multixacts: controlSchema.safeParse(control?.[0]).data ?? null,
      },
    ];
  },
});
