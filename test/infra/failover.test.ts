import aslValidator from "asl-validator";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { failoverDefinition, synthesize, testConfig } from "../support/synth.ts";
import { permissionsOf } from "./permissions-of.ts";

const stateSchema = z.looseObject({
  Type: z.string(),
  TimeoutSeconds: z.number().optional(),
  Catch: z.array(z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
  Choices: z.array(z.looseObject({ Variable: z.string(), Next: z.string() })).optional(),
});
const definition = failoverDefinition();
const states = z.record(z.string(), stateSchema).parse(definition.States);
const tasks = Object.entries(states).filter(([, { Type }]) => Type === "Task");

describe("the failover machine as deployed", () => {
  it("F1 is Amazon States Language", () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(isValid ? "" : errorsText("\n")).toBe("");
  });

  it("F1 says in the console what to start it with, under a name that is found", () => {
    expect(definition.Comment).toContain('{"database": "orders-db", "reason": "why"}');
    synthesize({ bundle: false }).template.hasResourceProperties("AWS::StepFunctions::StateMachine", {
      StateMachineName: "rds-responder-failover",
    });
  });

  it("F7 no state fails without a word: a wrong input and a function that breaks have a way each", () => {
    for (const [name, { Catch = [] }] of tasks) {
      const all = Catch.find(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"));
      const way = { Begin: "NotBegun", GiveUp: "FunctionFailed" }[name] ?? "GiveUp";
      expect([name, all?.Next]).toEqual([name, way]);
    }
    expect(states["Begin"]?.Catch?.[0]).toMatchObject({ ErrorEquals: ["InvalidInput"], Next: "WrongInput" });
  });

  it("Q2 every state outlasts its function, and the machine what may be waited for", () => {
    for (const [name, { TimeoutSeconds = 0 }] of tasks)
      expect([name, TimeoutSeconds > 140]).toEqual([name, true]);
    // Approval 16 min, RDS 30 min, names 5 min and their TTL, each seen once more after a redrive.
    expect(definition.TimeoutSeconds).toBe(21_600);
  });

  it("F7 a phase that the machine does not know is no success", () => {
    expect(states["ToPhase"]).toMatchObject({ Default: "UnknownPhase" });
    expect(states["UnknownPhase"]?.Type).toBe("Fail");
  });
});

describe("the names that a failover may move", () => {
  const names = [
    { kind: "route53", zoneId: "Z123", record: "orders.internal" },
    { kind: "secret", secretId: "orders/primary" },
    { kind: "parameter", name: "/orders/host" },
    { kind: "proxy", proxy: "orders" },
  ] as const;
  const failover = { databases: { "orders-db": { names: [...names] } } };
  const config = { ...testConfig, settings: { ...testConfig.settings, failover } };
  const may = permissionsOf(synthesize({ bundle: false, config }), "failover");

  it("F6 Q4 are exactly those of the settings", () => {
    expect(may["route53:ChangeResourceRecordSets"]).toBe("arn:<AWS::Partition>:route53:::hostedzone/Z123");
    expect(may["secretsmanager:PutSecretValue"]).toMatch(/:secret:orders\/primary-\?{6}$/);
    expect(may["ssm:PutParameter"]).toMatch(/:parameter\/orders\/host$/);
    expect(may["rds:RegisterDBProxyTargets"]).toMatch(/:target-group:\*$/);
  });

  it("F6 Q4 are none where the settings name none", () => {
    const none = permissionsOf(synthesize({ bundle: false }), "failover");
    const moving = Object.keys(none).filter((call) =>
      /route53|PutSecret|PutParameter|ProxyTargets/.test(call),
    );
    expect(moving).toEqual([]);
  });
});

describe("the replicas and clusters that a failover promotes in another Region", () => {
  const may = permissionsOf(synthesize({ bundle: false }), "failover");

  it("F2 Q4 may be promoted there, and copied; nothing of another Region is walled or restarted", () => {
    const every = /arn:<AWS::Partition>:rds:\*:<AWS::AccountId>:/;
    expect(may["rds:PromoteReadReplica"]).toMatch(every);
    expect(may["rds:CreateDBInstanceReadReplica"]).toMatch(every);
    expect(may["rds:FailoverGlobalCluster"]).toMatch(every);
    for (const call of ["ModifyDBInstance", "RebootDBInstance", "FailoverDBCluster"])
      expect(may[`rds:${call}`]).not.toMatch(every);
  });
});
