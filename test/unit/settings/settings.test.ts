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
