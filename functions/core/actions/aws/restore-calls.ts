import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import { copyTags, madeNameSchema } from "./made.ts";
import { placed, placementSchema } from "./placement.ts";

export const restoreInputSchema = z.strictObject({
  of: z.string().min(1),
  /** Of the copy: it is always a new one. */
  name: madeNameSchema,
  /** The moment to go back to. */
  at: z.iso.datetime(),
  /** Of the instance through which a copy of Aurora is read, and of those of a Multi-AZ cluster. */
  instanceClass: z.string().regex(/^db\.[a-z0-9.-]+$/),
  capacity: z.strictObject({ minAcu: z.number(), maxAcu: z.number() }).nullable().default(null),
  /** How its source lies; null: as RDS has it by default. */
  like: placementSchema.nullable().default(null),
});
export type RestoreInput = z.infer<typeof restoreInputSchema>;

export function kindOf(target: Target): Changeable["kind"] {
  const found = rowFor(target, "restore-to-time");
  return found.is === "row" && found.row.whose === "cluster" ? "cluster" : "instance";
}

export function restoreCall(
  { of, name, at, instanceClass, capacity, like }: RestoreInput,
  target: Target,
): AwsCall | string {
  const found = rowFor(target, "restore-to-time");
  if (found.is === "none") return `# No call is shown: ${found.because}.`;
  const Tags = copyTags({ of, at });
  if (kindOf(target) === "instance")
    return callOn(found, {
      TargetDBInstanceIdentifier: name,
      RestoreTime: at,
      Tags,
      ...placed(like, "instance"),
    });
  const shape = target.flavour === "aurora" ? {} : { DBClusterInstanceClass: instanceClass };
  const range =
    capacity === null
      ? {}
      : { ServerlessV2ScalingConfiguration: { MinCapacity: capacity.minAcu, MaxCapacity: capacity.maxAcu } };
  const lies = placed(like, target.flavour === "aurora" ? "aurora-cluster" : "multi-az-cluster");
  return callOn(found, { DBClusterIdentifier: name, RestoreToTime: at, ...shape, ...range, Tags, ...lies });
}

/** Aurora brings back the volume alone: without an instance nothing can be read from it. */
export function memberCall(
  { of, at, name, instanceClass, like }: RestoreInput,
  { flavour, engine }: Target,
): AwsCall | null {
  if (flavour !== "aurora") return null;
  const Engine = engine === "postgres" ? "aurora-postgresql" : "aurora-mysql";
  const named = { DBInstanceIdentifier: `${name}-1`, DBClusterIdentifier: name };
  return {
    operation: "CreateDBInstance",
    input: {
      ...named,
      ...{ DBInstanceClass: instanceClass, Engine, Tags: copyTags({ of, at }) },
      ...placed(like, "aurora-member"),
    },
  };
}
