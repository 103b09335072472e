import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { beforeAll, expect, it } from "vitest";
import { createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { createSignIn } from "../../functions/adapters/aws/sign-in.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { onEndpoint } from "./on-endpoint.ts";

const orders: Target = {
  schema: "target.v1",
  name: "orders",
  group: "orders",
  engine: "postgres",
  flavour: "rds",
  engineVersion: "17.4",
  host: "orders.example",
  port: 5432,
  database: "app",
  role: "writer",
  clusterId: "orders-cluster",
  resourceId: "db-ORDERS",
  instanceClass: "db.r7g.large",
  accountId: "123456789012",
  region: "eu-central-1",
  tags: {},
};

await onEndpoint("sign-in", (aws) => {
  const client = createSecretsClient(aws);
  const arns = { looks: "", acts: "" };
  const signIn = (settings: object) =>
    createSignIn(settingsSchema.parse(settings), { region: aws.region, secrets: () => client });

  beforeAll(async () => {
    for (const name of ["looks", "acts"] as const) {
      const SecretString = JSON.stringify({ username: `user_${name}`, password: `secret of ${name}` });
      const Name = `sign-in/${name}-${crypto.randomUUID()}`;
      arns[name] = (await client.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? "";
    }
  });

  it("P0 uses the probes' secret for probing and the acting user's for acting", async () => {
    const credentials = signIn({ database: { probeSecretArn: arns.looks, actSecretArn: arns.acts } });
    const iam = false;
    expect(await credentials(orders, "probe")).toEqual({
      user: "user_looks",
      password: "secret of looks",
      iam,
    });
    expect(await credentials(orders, "act")).toEqual({ user: "user_acts", password: "secret of acts", iam });
  });

  it("P0 lets neither secret stand in for the other: without one, that user signs in by IAM", async () => {
    const probing = signIn({ databases: { orders: { probeSecretArn: arns.looks } } });
    expect(await probing(orders, "act")).toMatchObject({ user: "rds_responder_act", iam: true });
    const acting = signIn({ databases: { "orders-cluster": { actSecretArn: arns.acts } } });
    expect(await acting(orders, "probe")).toMatchObject({ user: "rds_responder", iam: true });
    expect(await acting(orders, "act")).toMatchObject({ user: "user_acts", iam: false });
  });

  it("P0 refuses the probes' secret when it holds the acting user, and the other way round", async () => {
    const actUser = "user_looks";
    const probing = signIn({ database: { probeSecretArn: arns.looks, actSecretArn: arns.acts, actUser } });
    await expect(probing(orders, "probe")).rejects.toThrow(
      "probeSecretArn of orders: the secret's username is that of actUser",
    );
    const acting = signIn({
      database: { actSecretArn: arns.acts },
      databases: { "orders-cluster": { probeUser: "user_acts" } },
    });
    await expect(acting(orders, "act")).rejects.toThrow(
      "actSecretArn of orders: the secret's username is that of probeUser",
    );
  });

  it("P0 a secret that cannot be read is an error, never another way in", async () => {
    const credentials = signIn({ database: { probeSecretArn: `${arns.looks}-gone` } });
    await expect(credentials(orders, "probe")).rejects.toThrow();
  });
});
