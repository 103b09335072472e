import * as z from "zod";

export const engineSchema = z.enum(["postgres", "mysql", "mariadb"]);
export type Engine = z.infer<typeof engineSchema>;

/** Where the engine runs: decides which kill procedure, catalog and failover call exist. */
export const flavourSchema = z.enum(["rds", "aurora", "self-managed"]);
export type Flavour = z.infer<typeof flavourSchema>;

/** One database server that can be looked at and acted on. */
export const targetSchema = z.object({
  schema: z.literal("target.v1"),
  /** DB instance identifier on RDS; host:port for a database named by URL. */
  name: z.string().min(1),
  /** What incidents are grouped by: the Aurora cluster, or the primary of a set of replicas; on RDS "account/region/name". */
  group: z.string().min(1),
  engine: engineSchema,
  flavour: flavourSchema,
  engineVersion: z.string().nullable(),
  host: z.string(),
  port: z.number().int().positive(),
  database: z.string().nullable(),
  role: z.enum(["writer", "reader", "unknown"]),
  clusterId: z.string().nullable(),
  /** DbiResourceId or DbClusterResourceId; IAM sign-in names it. */
  resourceId: z.string().nullable(),
  instanceClass: z.string().nullable(),
  accountId: z.string().nullable(),
  region: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
});
export type Target = z.infer<typeof targetSchema>;
