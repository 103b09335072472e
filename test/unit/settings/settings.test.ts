import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../functions/core/settings.ts";

const faults = (settings: unknown) =>
  settingsSchema
    .safeParse(settings)
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("sign-in of databases", () => {
  it("takes no secret for both users, in whatever entries they stand", () => {
    const shared = "databases: a secret serves both as probeSecretArn and as actSecretArn";
    const one = { probeSecretArn: "arn:a", actSecretArn: "arn:a" };
    expect(faults({ database: one })).toEqual([expect.stringContaining(shared)]);
    expect(
      faults({ database: { actSecretArn: "arn:a" }, databases: { orders: { probeSecretArn: "arn:a" } } }),
    ).toEqual([expect.stringContaining(shared)]);
    expect(faults({ database: { probeSecretArn: "arn:a", actSecretArn: "arn:b" } })).toBeUndefined();
  });

  it("takes no secret for both users under two ways to write its ARN", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders";
    const both = (probeSecretArn: string, actSecretArn: string) =>
      faults({ database: { probeSecretArn, actSecretArn } });
    const shared = [expect.stringContaining("a secret serves both as probeSecretArn and as actSecretArn")];
    expect(both(`${arn}-AbCdEf`, arn)).toEqual(shared);
    expect(both(arn, `${arn}-AbCdEf`)).toEqual(shared);
    expect(both(`${arn}-looker-AbCdEf`, `${arn}-actors-AbCdEf`)).toBeUndefined();
    expect(both(`${arn}-looker`, `${arn}-actors`)).toBeUndefined();
    expect(both(`${arn}-AbCdEf`, `${arn}-acting-AbCdEf`)).toBeUndefined();
  });

  it("takes no user for both purposes, in whatever entries it stands", () => {
    const shared = (where: string) =>
      `databases: a user serves both as probeUser and as actUser (${where}): probes would sign in as the acting user`;
    expect(faults({ database: { probeUser: "db", actUser: "db" } })).toEqual([
      shared("database.probeUser, database.actUser"),
    ]);
    expect(faults({ databases: { orders: { probeUser: "db" }, billing: { actUser: "db" } } })).toEqual([
      shared("databases.orders.probeUser, databases.billing.actUser"),
    ]);
    expect(faults({ databases: { orders: { probeUser: "rds_responder_act" } } })).toHaveLength(1);
    expect(
      faults({ databases: { orders: { probeUser: "a" }, billing: { probeUser: "a" } } }),
    ).toBeUndefined();
  });

  it("refuses the name that the secrets of both users once had, and says what it became", () => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
    const became = "secretArn: became probeSecretArn and actSecretArn";
    expect(faults({ database: { secretArn }, databases: { orders: { secretArn } } })).toEqual([
      `database.${became}`,
      `databases.orders.${became}`,
    ]);
    expect(faults({ databases: { orders: { secretArn: null } } })).toEqual([`databases.orders.${became}`]);
  });

  it("leaves in force what is common where a database's own entry says nothing", () => {
    const { databases } = settingsSchema.parse({
      database: { probeUser: "looks" },
      databases: { orders: { name: "shop" } },
    });
    expect(databases).toEqual({ orders: { name: "shop" } });
  });

  it("takes an authority as PEM text only", () => {
    const authority = (certificateAuthority: string) => ({ databases: { orders: { certificateAuthority } } });
    expect(faults(authority("/etc/ssl/ca.pem"))).toEqual([
      "databases.orders.certificateAuthority: is not a certificate in PEM form",
    ]);
    expect(
      faults(authority("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")),
    ).toBeUndefined();
  });
});
