import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { startMoto } from "../endpoint/moto.ts";
import { faultNames, faultOf, isFaultName } from "./faults.ts";
import { type Played, play } from "./play.ts";
import { figuresOf, lineOf } from "./report.ts";

const usage = `npm run chaos -- [--runs 10] [--seed 1] [--engine postgres|mysql|mariadb] [--fault NAME] [--json FILE]
  faults: ${faultNames().join(", ")}`;

const flagsSchema = z.object({
  runs: z.coerce.number().int().min(1).max(100_000),
  seed: z.coerce.number().int().min(0),
  engine: z.enum(["postgres", "mysql", "mariadb"]),
  fault: z.string().refine(isFaultName, "there is no such fault").optional(),
  json: z.string().min(1).optional(),
});

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "postgres" },
    fault: { type: "string" },
    json: { type: "string" },
  },
});
const flags = flagsSchema.safeParse(values);
if (!flags.success) {
  console.error(`${z.prettifyError(flags.error)}\n\n${usage}`);
  process.exit(2);
}
const { runs, seed: from, engine, fault, json } = flags.data;
const aws = await startMoto();
const played: Played[] = [];
const failures: string[] = [];
for (let seed = from; seed < from + runs; seed += 1) {
  // Each in its turn and by its own seed: one that failed is played again alone by `--runs 1 --seed`.
  const name = fault !== undefined && isFaultName(fault) ? fault : faultOf(seed);
  try {
    const one = await play(seed, name, { engine, aws });
    played.push(one);
    console.log(lineOf(one));
  } catch (error) {
    failures.push(`seed ${seed} (${name}): ${error instanceof Error ? error.message : String(error)}`);
    console.log(`${seed} ${name}: the harness failed: ${failures.at(-1)}`);
  }
  if (json !== undefined)
    writeFileSync(
      json,
      `${JSON.stringify({ engine, figures: figuresOf(played), failures, played }, null, 2)}\n`,
    );
}
console.log(JSON.stringify(figuresOf(played), null, 2));
await aws.stop();
// What a broken client left open must not hold the end up.
process.exit(played.some(({ broken }) => broken.length > 0) || failures.length > 0 ? 1 : 0);
