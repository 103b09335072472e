import * as z from "zod";
import { type CauseId, causeIds } from "../../functions/core/contract/cause-ids.ts";
import type { DatabaseContext } from "../../functions/core/contract/context.ts";
import { evidenceSchema, type MetricSeries, type Tier } from "../../functions/core/contract/evidence.ts";
import { severitySchema } from "../../functions/core/contract/finding.ts";
import type { Signal } from "../../functions/core/contract/signal.ts";
import type { Stage } from "./stage.ts";
import type { Dice, World } from "./support/outside/world.ts";

export type ScenarioEngine = "postgres" | "mysql" | "mariadb";
/** One fault in test/scenarios/faults is made on both with the same statements. */
export type MysqlFamily = Exclude<ScenarioEngine, "postgres">;

/** Who is to blame and who is not, as session ids that only the maker of the fault can know. */
export interface Truth {
  /** Sessions that an action may hit; empty when no session is to blame. */
  readonly culprits: readonly number[];
}

/** A real fault on a real engine. Names, sizes and noise come from the stage's seed, so that no rule fits a wording. */
export interface Scenario {
  readonly engine: ScenarioEngine;
  /** What is wrong, in one line. */
  readonly title: string;
  /** Tiers that are probed; `immediate` alone unless the cause lies deeper. */
  readonly tiers?: readonly Tier[];
  /** PostgreSQL majors it is made on; the seed chooses one of 14 to 18 when absent. */
  readonly majors?: readonly (14 | 15 | 16 | 17 | 18)[];
  readonly server?: {
    readonly maxConnections?: number;
    readonly replicas?: 0 | 1;
    readonly settings?: Readonly<Record<string, string>>;
  };
  /** Thresholds that make minutes into seconds, by their --set names. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Probe a standby instead of the primary, find the server stopped, or do not try to connect. */
  readonly look?: "primary" | "replica" | "stopped" | "not-tried";
  /** What RDS takes it for; a replica is a reader unless told. */
  readonly role?: "writer" | "reader";
  /** Why `npm run heal` does not make its minutes into seconds: what waits here is not to be ended, and only its age shows it. */
  readonly patience?: string;
  /** What was there before the fault, is nobody's fault, and stays when the fault is healed. */
  readonly beside?: readonly CauseId[];
  /** Why its policy says actOnAdministrators in `npm run heal`: by default who is to blame here is refused, whoever agrees. */
  readonly endsAdministrators?: string;
  /** Why `npm run heal` does not end well here, though a remedy is proposed. Counted all the same. */
  readonly unhealed?: string;
  make(stage: Stage): Promise<Truth>;
  /** What CloudWatch would show meanwhile; constructed where RDS alone could measure it. */
  metrics?(stage: Stage): readonly MetricSeries[];
  /** The alarm that it begins with; none unless told. */
  signal?(stage: Stage): Signal;
  /** What the RDS API would say; always constructed, there is no RDS here. */
  context?(stage: Stage): DatabaseContext;
  /** Nobody gets in: all that AWS says, and no server is started. */
  outside?(dice: Dice): World;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

const causeSchema = z.enum(causeIds);

/** expected.json */
export const expectedSchema = z.object({
  /** The first root cause; null when nothing of P0–P2 may be found. */
  root: causeSchema.nullable(),
  /** Other names of the same cause that a careful DBA would accept, where the evidence does not tell them apart. */
  orRoots: z.array(causeSchema).default([]),
  /** The severities that fit the root; left out: any but P3. */
  severities: z.array(severitySchema).default([]),
  /** Words that the preview of no proposal may contain, automatic or not: what would make it worse here. */
  never: z.array(z.string()).default([]),
  /** Words that the root must say, in its sentence or its evidence: without them nobody knows what to do. */
  says: z.array(z.string()).default([]),
  /** Of what shows nothing wrong from outside nobody may say that it is well (SPEC D7). */
  blind: z.boolean().default(false),
  /** Further independent roots that must be there. */
  alsoRoots: z.array(causeSchema).default([]),
  /** Findings that must be there at any rank. */
  includes: z.array(causeSchema).default([]),
  /** Findings of P0–P2 that may be there without being false; everything else of P0–P2 is a false finding. */
  allows: z.array(causeSchema).default([]),
  /** Findings that would be false here even at P3: what a look-alike must not be taken for. */
  excludes: z.array(causeSchema).default([]),
  /** Id of the first action proposed by the root; null when it may propose none that is automatic. */
  firstAction: z.string().nullable().optional(),
});
export type Expected = z.infer<typeof expectedSchema>;

/** evidence.json: what was recorded when the fault was last made. */
export const recordingSchema = z.object({
  schema: z.literal("scenario-recording.v1"),
  seed: z.number().int(),
  recordedOn: z.string(),
  thresholds: z.record(z.string(), z.number()),
  culprits: z.array(z.number().int()),
  evidence: evidenceSchema,
});
export type Recording = z.infer<typeof recordingSchema>;
