import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../functions/core/settings.ts";

const faults = (settings: unknown) =>
  settingsSchema
    .safeParse(settings)
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("the address of Slack", () => {
  const withUrl = (apiUrl: string) => ({ slack: { apiUrl } });

  it("is Slack's own unless told", () => {
    expect(settingsSchema.parse({}).slack.apiUrl).toBe("https://slack.com/api/");
  });

  it.each([
    "https://slack-gov.com/api/",
    "http://127.0.0.1:4000/api/",
    "http://localhost/api/",
    "http://[::1]:4000/api/",
  ])("may be %s", (url) => {
    expect(settingsSchema.parse(withUrl(url)).slack.apiUrl).toBe(url);
  });

  it.each([
    "http://slack.com/api/",
    "http://127.0.0.1.example.com/api/",
    "http://127.0.0.1@example.com/api/",
    "ftp://127.0.0.1/api/",
    "https://slack.com/api",
    "slack.com/api/",
    "",
  ])("may not be %s", (url) => {
    expect(faults(withUrl(url))).toEqual([expect.stringContaining("slack.apiUrl: ")]);
  });
});

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
