import * as z from "zod";
import type { Target } from "../../functions/core/contract/target.ts";

const inputSchema = z.looseObject({
  of: z.string().exactOptional(),
  level: z.enum(["instance", "cluster"]).exactOptional(),
  /** Of what changes a group itself; what only gives one to a database is about the database. */
  usedBy: z.array(z.string()).exactOptional(),
});

/**
 * What an action on AWS changes, as an ARN: the instance, its cluster or a parameter group. A tag of one says nothing of
 * the other. Null: it cannot be named.
 */
export function changedResource(
  { name, clusterId, accountId, region }: Target,
  input: unknown,
): { readonly arn: string; readonly name: string } | null {
  const changed = inputSchema.safeParse(input).data;
  if (changed === undefined || accountId === null || region === null) return null;
  // Of an application or a proxy there is no ARN here: the database that it is for answers, as at the gate.
  const { of = name, level, usedBy } = changed;
  const kind = kindOf(of, usedBy === undefined ? undefined : level, { name, clusterId });
  if (kind === null) return null;
  return { name: of, arn: `arn:${partitionOf(region)}:rds:${region}:${accountId}:${kind}:${of}` };
}

function kindOf(
  of: string,
  level: "instance" | "cluster" | undefined,
  { name, clusterId }: Pick<Target, "name" | "clusterId">,
): string | null {
  if (level !== undefined) return level === "cluster" ? "cluster-pg" : "pg";
  if (of === name) return "db";
  return of === clusterId ? "cluster" : null;
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
