import { describe, expect, it } from "vitest";
import type { DeployConfig } from "../../lib/deploy-config.ts";
import { synthesize, testConfig } from "../support/synth.ts";

function reservedWith(reservedConcurrency: DeployConfig["reservedConcurrency"]): readonly string[] {
  const { template, handlers } = synthesize({
    bundle: false,
    config: { ...testConfig, reservedConcurrency },
  });
  return Object.entries(template.findResources("AWS::Lambda::Function"))
    .filter(([, fn]) => fn["Properties"].ReservedConcurrentExecutions !== undefined)
    .map(([id, fn]) => `${handlers.get(id)} ${fn["Properties"].ReservedConcurrentExecutions}`)
    .sort();
}

describe("reserved concurrency", () => {
  it("Q8 is what the configuration says, for each engine's functions and the public one", () => {
    expect(reservedWith({ probe: 4, act: 2, interaction: 3 })).toEqual([
      ...["act-mysql 2", "act-postgres 2", "interaction 3", "probe-mysql 4", "probe-postgres 4"],
    ]);
  });

  it("Q8 is none where the account's quota allows none, so that the deployment is not refused", () => {
    expect(reservedWith(null)).toEqual([]);
  });

  it.each([
    [
      "a function that would be switched off",
      { probe: 0, act: 5, interaction: 10 },
      "reservedConcurrency.probe",
    ],
    ["half a place", { probe: 10, act: 2.5, interaction: 10 }, "reservedConcurrency.act"],
  ])("Q8 refuses %s and names the field", (_name, wrong, field) => {
    expect(() => reservedWith(wrong)).toThrow(field);
  });
});

describe("secrets under customer managed keys", () => {
  const key = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;

  it("Q4 give each function the key of the secrets that it reads, for Secrets Manager alone", () => {
    const database = {
      probeSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:probe-abcdef",
      actSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:act-abcdef",
    };
    const { template } = synthesize({
      bundle: false,
      config: {
        ...testConfig,
        network: { ...testConfig.network, secretsEndpointSecurityGroupId: "sg-33333333" },
        settings: { ...testConfig.settings, database },
        secretKeys: { slack: key("slack"), databases: [key("databases")] },
      },
    });
    const granted = Object.entries(template.findResources("AWS::IAM::Policy")).flatMap(([id, policy]) => {
      const statements: { Action: unknown; Resource: unknown; Condition?: unknown }[] =
        policy["Properties"].PolicyDocument.Statement;
      return statements
        .filter(({ Action }) => Action === "kms:Decrypt")
        .map(({ Resource, Condition }) => {
          expect(JSON.stringify(Condition)).toContain("kms:ViaService");
          return `${id.replace(/Function.*/, "")} ${String(Resource).replace(/.*key./, "")}`;
        });
    });
    expect(granted.sort()).toEqual([
      ...[
        "ActMysql databases",
        "ActPostgres databases",
        "Coordinate slack",
        "FailoverFailover slack",
        "Interaction slack",
      ],
      ...["ProbeMysql databases", "ProbePostgres databases"],
    ]);
  });
});
