import * as z from "zod";

const securityGroupSchema = z.string().regex(/^sg-[0-9a-f]+$/, "is no security group (sg-…)");

/** What applications find the primary by. A name that is not here stays where it is, and people are told so. */
const namesSchema = z
  .array(
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("route53"), zoneId: z.string().min(1), record: z.string().min(1) }),
      /** Its JSON has a field `host`. */
      z.strictObject({ kind: z.literal("secret"), secretId: z.string().min(1) }),
      z.strictObject({ kind: z.literal("parameter"), name: z.string().min(1) }),
      z.strictObject({
        kind: z.literal("proxy"),
        proxy: z.string().min(1),
        targetGroup: z.string().min(1).default("default"),
      }),
    ]),
  )
  .max(20)
  .default([]);

/** SPEC F. What a failover may move, and who has to agree to it. */
export const failoverSettingsSchema = z.strictObject({
  /** "starter": whoever starts it by hand has agreed. "second-person": an approver has to click as well. */
  approval: z.enum(["starter", "second-person"]).default("starter"),
  /** Of a candidate, where whoever starts it names no limit. */
  maxLagSeconds: z.number().nonnegative().max(86_400).default(30),
  /** Lets in the responder's functions and nobody else; null: an old primary that does not answer cannot be fenced. */
  quarantineGroup: securityGroupSchema.nullable().default(null),
  /** By the database's or cluster's identifier. */
  databases: z
    .record(
      z.string(),
      z.strictObject({ names: namesSchema, quarantineGroup: securityGroupSchema.optional() }),
    )
    .default({}),
});
export type FailoverSettings = z.infer<typeof failoverSettingsSchema>;
