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
  return purposes.flatMap(({ what, probing, acting, isSame }) => {
    const acts = usesOf(entries, acting);
    return usesOf(entries, probing).flatMap(({ value, place }) => {
      const places = acts.flatMap((act) => (isSame(value, act.value) ? act.place : []));
      if (places.length === 0) return [];
      return `a ${what} serves both as ${probing} and as ${acting} (${[place, ...places].join(", ")})`;
    });
  });
}

const purposes = [
  { what: "user", probing: "probeUser", acting: "actUser", isSame: (a: string, b: string) => a === b },
  { what: "secret", probing: "probeSecretArn", acting: "actSecretArn", isSame: mayBeOneSecret },
] as const;

function usesOf(
  entries: Readonly<Record<string, OneDatabase>>,
  field: (typeof purposes)[number]["probing" | "acting"],
) {
  return Object.entries(entries).flatMap(([name, entry]) => {
    const value = entry[field] ?? null;
    return value === null ? [] : { value, place: `${name}.${field}` };
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
