import * as z from "zod";

const databaseFields = z.object({
  /** Sign-in user of the probes, and of actions, by IAM authentication. */
  probeUser: z.string(),
  actUser: z.string(),
  /** ARN of a Secrets Manager secret with username and password, in place of `probeUser` and IAM authentication. */
  probeSecretArn: z.string().nullable(),
  /** The same in place of `actUser`. Never the probes' secret: neither stands in for the other. */
  actSecretArn: z.string().nullable(),
  /**
   * PEM text of the authorities that may vouch for this database, and then no others; null for Amazon's and the
   * public ones. For what answers with a certificate of your own: a proxy in front, RDS Custom.
   */
  certificateAuthority: z
    .string()
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, "is not a certificate in PEM form")
    .nullable(),
  /** Database to connect to; the engine's default when null. */
  name: z.string().nullable(),
});
export type DatabaseSettings = z.infer<typeof databaseFields>;

/** The defaults are the common entry's alone: in an entry of one database they would hide what is common. */
const { shape } = databaseFields;
export const commonDatabaseSchema = z.object({
  probeUser: shape.probeUser.default("rds_responder"),
  actUser: shape.actUser.default("rds_responder_act"),
  probeSecretArn: shape.probeSecretArn.default(null),
  actSecretArn: shape.actSecretArn.default(null),
  certificateAuthority: shape.certificateAuthority.default(null),
  name: shape.name.default(null),
});
export const oneDatabaseSchema = databaseFields.partial();

/** Secrets that some database uses for both purposes: its probes would sign in as the acting user. */
export function sharedSecrets(databases: readonly z.infer<typeof oneDatabaseSchema>[]): readonly string[] {
  const acting = new Set(databases.map(({ actSecretArn }) => actSecretArn));
  return databases.flatMap(({ probeSecretArn }) =>
    typeof probeSecretArn === "string" && acting.has(probeSecretArn) ? [probeSecretArn] : [],
  );
}
