import * as z from "zod";

/** What settings were once called. Dropped in silence, they would leave a default in force: IAM in place of a secret. */
const renamed = { secretArn: z.never("became probeSecretArn and actSecretArn").optional() };

const databaseFields = z.strictObject({
  /** Sign-in user of the probes, and of actions, by IAM authentication. */
  probeUser: z.string(),
  /** Never the probes' user. Names the user that `actSecretArn` holds, too: then no secret of the probes may hold it. */
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
export const commonDatabaseSchema = z.strictObject({
  ...renamed,
  probeUser: shape.probeUser.default("rds_responder"),
  actUser: shape.actUser.default("rds_responder_act"),
  probeSecretArn: shape.probeSecretArn.default(null),
  actSecretArn: shape.actSecretArn.default(null),
  certificateAuthority: shape.certificateAuthority.default(null),
  name: shape.name.default(null),
});
export const oneDatabaseSchema = databaseFields.extend(renamed).partial();

type OneDatabase = z.infer<typeof oneDatabaseSchema>;

/**
 * Why probes could sign in as an acting user: what is one database's probing is another's acting. Whoever may sign in as
 * a user may do so on every database that has it. Names the fields and not what stands in them.
 * @param entries by their place in the settings.
 */
export function sharedSignIns(entries: Readonly<Record<string, OneDatabase>>): readonly string[] {
  const sameUser = (probing: string, acting: string) => probing === acting;
  return [
    ...shared(entries, "probeUser", "actUser", sameUser).map(
      (where) => `a user serves both as probeUser and as actUser (${where})`,
    ),
    ...shared(entries, "probeSecretArn", "actSecretArn", mayBeOneSecret).map(
      (where) => `a secret serves both as probeSecretArn and as actSecretArn (${where})`,
    ),
  ];
}

type SignInField = "probeUser" | "actUser" | "probeSecretArn" | "actSecretArn";

/** The places of each probing value that is an acting one, too. */
function shared(
  entries: Readonly<Record<string, OneDatabase>>,
  probing: SignInField,
  acting: SignInField,
  isSame: (probing: string, acting: string) => boolean,
): string[] {
  const placesOf = (field: SignInField, fits: (value: string) => boolean) =>
    Object.entries(entries).flatMap(([place, entry]) => {
      const value = entry[field] ?? null;
      return value !== null && fits(value) ? [`${place}.${field}`] : [];
    });
  const probed = new Set(Object.values(entries).flatMap((entry) => entry[probing] ?? []));
  return [...probed].flatMap((value) => {
    const acts = placesOf(acting, (other) => isSame(value, other));
    return acts.length === 0 ? [] : [[...placesOf(probing, (other) => other === value), ...acts].join(", ")];
  });
}

/**
 * Secrets Manager takes an ARN also without the hyphen and six characters that it ends with. A name that ends like that
 * itself is read either way, so it counts as both; ARNs in full leave no doubt.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
function mayBeOneSecret(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long === short || (long.startsWith(short) && /^-[0-9A-Za-z]{6}$/.test(long.slice(short.length)));
}
