import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { faultNamed, faultNames } from "./faults/catalogue.ts";
import type { Played } from "./play.ts";
import { figuresOf, lineOf } from "./report.ts";
import { type Failure, playSeries } from "./series.ts";

const usage = `npm run chaos -- [--runs 10] [--seed 1] [--engine postgres|mysql|mariadb] [--fault NAME,NAME+NAME,pairs]
  [--jobs 1] [--minutes N] [--json FILE]
  faults: ${faultNames.join(", ")}`;

const flagsSchema = z.object({
  runs: z.coerce.number().int().min(1).max(100_000),
  seed: z.coerce.number().int().min(0),
  engine: z.enum(["postgres", "mysql", "mariadb"]),
  fault: z
    .string()
    .transform((names) => names.split(","))
    .pipe(
      z.array(z.string().refine((name) => name === "pairs" || faultNamed(name), "there is no such fault")),
    )
    .default([]),
  jobs: z.coerce.number().int().min(1).max(8),
  minutes: z.coerce.number().positive().default(Number.MAX_SAFE_INTEGER),
  json: z.string().min(1).optional(),
});

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "postgres" },
    fault: { type: "string" },
    jobs: { type: "string", default: "1" },
    minutes: { type: "string" },
    json: { type: "string" },
  },
});
const flags = flagsSchema.safeParse(values);
if (!flags.success) {
  console.error(`${z.prettifyError(flags.error)}\n\n${usage}`);
  process.exit(2);
}
const { runs, seed: from, engine, fault: faults, jobs, minutes, json } = flags.data;
const played: Played[] = [];
const failures: Failure[] = [];

function heard(result: Played | Failure): void {
  if ("reason" in result) {
    failures.push(result);
    console.log(`??   ${engine} ${result.seed} ${result.fault}: the harness failed: ${result.reason}`);
  } else {
    played.push(result);
    console.log(lineOf(result));
  }
  if (json === undefined) return;
  const all = { engine, figures: figuresOf(played), failures, played };
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
}

const until = Date.now() + minutes * 60_000;
await playSeries({ engine, from, runs, jobs, until, faults, heard });
console.log(JSON.stringify(figuresOf(played), null, 2));
// What a broken client left open must not hold the end up.
process.exit(played.some(({ broken }) => broken.length > 0) || failures.length > 0 ? 1 : 0);
