import { describe, expect, it } from "vitest";
import { synthesize, testConfig } from "../support/synth.ts";
import { permissionsOf, roleOf, type Statement, statementsOf, whoMay } from "./permissions-of.ts";

const synthesized = synthesize({ bundle: false });
const handlers = [...synthesized.handlers.values()];
const table = expect.stringMatching(/^<StorageIncidents\w+\.Arn>$/);
const settings = expect.stringContaining(":parameter<StorageSettings");
const slack = expect.stringContaining(":secret:responder/slack-??????");
const store = { "dynamodb:GetItem": table, "dynamodb:PutItem": table };
const messages = { ...store, "ssm:GetParameter": settings, "secretsmanager:GetSecretValue": slack };
const interfaces = Object.fromEntries(
  [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ].map((action) => [action, "*"]),
);
const account = "<AWS::Region>:<AWS::AccountId>";
const machine = expect.stringMatching(/^<RespondMachine\w+>$/);

const signIn = (user: string) => ({
  ...interfaces,
  "rds-db:connect": `arn:<AWS::Partition>:rds-db:${account}:dbuser:*/${user}`,
});

const ofRds = (kind: string) => `arn:<AWS::Partition>:rds:${account}:${kind}:*`;
/** What the responder makes, known by how its name begins. */
const ownOf = (kind: string) => `arn:<AWS::Partition>:rds:${account}:${kind}:responder-*`;
/** What a new instance needs of the account. */
const used = ["og", "pg", "subgrp"].map(ofRds);
const tagged = { StringEquals: { "aws:ResourceTag/rds-responder:change": "allowed" } };
const made = [
  ofRds("snapshot"),
  ofRds("cluster-snapshot"),
  ownOf("db"),
  ownOf("cluster"),
  ownOf("pg"),
  ownOf("cluster-pg"),
];

/** Which tag a statement has to ask for; of what is taken away the name is asked, too. */
function mustAskFor({ actions, resources }: Omit<Statement, "condition">): unknown {
  const own = {
    ...{ "rds:DeleteDBInstance": "db", "rds:ModifyDBParameterGroup": "pg" },
    "rds:ModifyDBClusterParameterGroup": "cluster-pg",
  };
  const isOwn = ([action, kind]: readonly [string, string]) =>
    actions.includes(action) && resources.every((resource) => resource === ownOf(kind));
  if (Object.entries(own).some(isOwn)) return { StringLike: { "aws:ResourceTag/rds-responder:made": "*" } };
  // A group that is given to an instance stays as it is; the instance must be tagged.
  for (const [action, kind] of [
    ["rds:ModifyDBInstance", "pg"],
    ["rds:ModifyDBCluster", "cluster-pg"],
  ] as const)
    if (actions.includes(action) && resources.every((one) => one === ofRds(kind))) return undefined;
  return makesOnly(actions, resources) ? undefined : tagged;
}

/** Of what is not there before the call nobody can ask for a tag; what is taken away is there. */
function makesOnly(actions: readonly string[], resources: readonly string[]): boolean {
  const makes = actions.every((action) => /^rds:(Create|Copy|Restore|AddTags)/.test(action));
  return (
    makes &&
    resources.every((resource) =>
      [...made, ...used, ...readReplicas, ...readReplicas.map(anywhere), ofRds("cluster-pg")].includes(
        resource,
      ),
    )
  );
}

const failoverMachine = `arn:<AWS::Partition>:states:${account}:stateMachine:rds-responder-failover`;
const ofGlobal = "arn:<AWS::Partition>:rds::<AWS::AccountId>:global-cluster:*";
const readReplicas = ["db:responder-*", "og:*", "pg:*", "subgrp:*"].map(
  (of) => `arn:<AWS::Partition>:rds:${account}:${of}`,
);

/** A failover promotes replicas of other Regions, and the clusters of a global database. */
function anywhere(resources: string): string {
  return resources.replaceAll("rds:<AWS::Region>:", "rds:*:");
}

/** The whole of what each function may do. A call that an adapter starts to make must be added here too. */
const expected: Record<string, Record<string, unknown>> = {
  intake: {
    ...store,
    "ssm:GetParameter": settings,
    "sqs:SendMessage": expect.stringContaining("StorageDeadLetters"),
    "rds:DescribeDBInstances": `arn:<AWS::Partition>:rds:${account}:db:*`,
    "rds:DescribeDBClusters": `arn:<AWS::Partition>:rds:${account}:cluster:*`,
    "cloudwatch:ListTagsForResource": `arn:<AWS::Partition>:cloudwatch:${account}:alarm:*`,
    "cloudwatch:DescribeAlarms": "*",
    "states:StartExecution": machine,
    "states:SendTaskSuccess": machine,
  },
  interaction: {
    ...messages,
    "dynamodb:Query": table,
    "rds:DescribeDBInstances": `arn:<AWS::Partition>:rds:${account}:db:*`,
    "rds:DescribeDBClusters": `arn:<AWS::Partition>:rds:${account}:cluster:*`,
    "states:StartExecution": machine,
    "states:SendTaskSuccess": machine,
  },
  coordinate: {
    ...messages,
    "dynamodb:Query": table,
    "dynamodb:DeleteItem": table,
    "dynamodb:ConditionCheckItem": table,
    "ssm:GetParameter": expect.stringMatching(
      /parameter<StorageKillSwitch\w+> \S+parameter<StorageSettings\w+>$/,
    ),
  },
  diagnose: {
    ...store,
    "s3:PutObject": expect.stringMatching(/^<StorageEvidence\w+\.Arn>\/evidence\/\*$/),
  },
  sweep: {
    ...store,
    "ssm:GetParameter": settings,
    "dynamodb:Query": table,
    "dynamodb:DeleteItem": table,
    "states:StartExecution": machine,
    "states:DescribeExecution": expect.stringMatching(/:execution:<RespondMachine\w+\.Name>:\*$/),
  },
  failover: {
    ...messages,
    "dynamodb:UpdateItem": table,
    "dynamodb:DeleteItem": table,
    "dynamodb:Query": table,
    "ssm:GetParameter": expect.stringMatching(
      /parameter<StorageKillSwitch\w+>.*parameter<StorageSettings\w+>|parameter<StorageSettings\w+>.*parameter<StorageKillSwitch\w+>/,
    ),
    "states:StartExecution": failoverMachine,
    "lambda:InvokeFunction": expect.stringMatching(/^(<(Probe|Act)(Postgres|Mysql)Function\w+\.Arn> ?){4}$/),
    ...Object.fromEntries(
      [
        "cloudwatch:GetMetricData",
        "rds:DescribeBlueGreenDeployments",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
        "rds:DescribeEvents",
        "rds:DescribeGlobalClusters",
      ].map((action) => [action, "*"]),
    ),
    "rds:AddTagsToResource": anywhere(`${ofRds("db")} ${readReplicas[0]}`),
    "rds:CreateDBInstanceReadReplica": anywhere([ofRds("db"), ...readReplicas].join(" ")),
    "rds:FailoverDBCluster": ofRds("cluster"),
    "rds:FailoverGlobalCluster": anywhere(`${ofRds("cluster")} ${ofGlobal}`),
    "rds:ModifyDBInstance": ofRds("db"),
    "rds:PromoteReadReplica": anywhere(ofRds("db")),
    "rds:RebootDBInstance": ofRds("db"),
    "rds:SwitchoverGlobalCluster": anywhere(`${ofRds("cluster")} ${ofGlobal}`),
  },
  collect: Object.fromEntries(
    [
      "cloudwatch:GetMetricData",
      "cloudwatch:DescribeAlarms",
      "cloudtrail:LookupEvents",
      "pi:DescribeDimensionKeys",
      "rds:DescribeDBClusterSnapshots",
      "rds:DescribeDBClusters",
      "rds:DescribeDBInstanceAutomatedBackups",
      "rds:DescribeDBInstances",
      "rds:DescribeDBLogFiles",
      "rds:DescribeDBParameters",
      "rds:DescribeDBSnapshots",
      "rds:DescribeEvents",
      "rds:DescribeGlobalClusters",
      "rds:DescribePendingMaintenanceActions",
      "rds:DownloadDBLogFilePortion",
    ].map((action) => [action, "*"]),
  ),
  "probe-postgres": signIn("rds_responder"),
  "probe-mysql": signIn("rds_responder"),
  "act-postgres": signIn("rds_responder_act"),
  "act-mysql": signIn("rds_responder_act"),
  "act-aws": {
    ...Object.fromEntries(
      [
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBClusters",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBInstances",
        "rds:DescribeDBClusterParameterGroups",
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBProxyTargetGroups",
        "rds:DescribeDBProxyTargets",
        "rds:DescribeDBSnapshots",
        "rds:DescribeEvents",
        "rds:DescribeOrderableDBInstanceOptions",
        "rds:DescribeValidDBInstanceModifications",
      ].map((action) => [action, "*"]),
    ),
    "rds:ListTagsForResource": `${ofRds("pg")} ${ofRds("cluster-pg")}`,
    "rds:AddTagsToResource": `${ownOf("pg")} ${ownOf("cluster-pg")} ${ownOf("cluster")} ${ownOf("db")}`,
    "rds:CreateDBInstance": [ofRds("cluster"), ownOf("cluster"), ownOf("db"), ...used].join(" "),
    "rds:RestoreDBClusterToPointInTime": [
      ...[ofRds("cluster"), ofRds("cluster-pg"), ownOf("cluster"), ofRds("og"), ofRds("subgrp")],
    ].join(" "),
    "rds:RestoreDBInstanceToPointInTime": [ofRds("db"), ownOf("db"), ...used].join(" "),
    "rds:CreateDBInstanceReadReplica": [
      ...[ofRds("db"), ofRds("pg"), ownOf("db"), ofRds("og"), ofRds("subgrp")],
    ].join(" "),
    "rds:DeleteDBInstance": ownOf("db"),
    "rds:ModifyDBProxyTargetGroup": ofRds("target-group"),
    "rds:CreateDBSnapshot": `${ofRds("db")} ${ofRds("snapshot")}`,
    "rds:CreateDBClusterSnapshot": `${ofRds("cluster")} ${ofRds("cluster-snapshot")}`,
    "rds:ModifyDBInstance": `${ofRds("db")} ${ofRds("pg")}`,
    "rds:CreateDBParameterGroup": ownOf("pg"),
    "rds:CopyDBParameterGroup": `${ownOf("pg")} ${ofRds("pg")}`,
    "rds:CreateDBClusterParameterGroup": ownOf("cluster-pg"),
    "rds:CopyDBClusterParameterGroup": `${ownOf("cluster-pg")} ${ofRds("cluster-pg")}`,
    "rds:ModifyDBCluster": `${ofRds("cluster")} ${ofRds("cluster-pg")}`,
    "rds:ModifyDBParameterGroup": `${ofRds("pg")} ${ownOf("pg")}`,
    "rds:ModifyDBClusterParameterGroup": `${ofRds("cluster-pg")} ${ownOf("cluster-pg")}`,
    "rds:RebootDBInstance": ofRds("db"),
    "rds:RebootDBCluster": ofRds("cluster"),
    "states:StartExecution": failoverMachine,
    "states:DescribeExecution": `arn:<AWS::Partition>:states:${account}:execution:rds-responder-failover:*`,
  },
};
const probing = ["probe-mysql", "probe-postgres"];
const acting = ["act-mysql", "act-postgres"];

describe("permissions of the functions", () => {
  it("Q4 every handler is one function with a role of its own", () => {
    const roles = handlers.map((handler) => roleOf(synthesized, handler));
    expect(handlers.toSorted()).toEqual(Object.keys(expected).toSorted());
    expect(new Set(roles).size).toBe(handlers.length);
  });

  it.each(handlers)("Q4 %s may do exactly what its adapters call", (handler) => {
    expect(permissionsOf(synthesized, handler)).toEqual(expected[handler]);
  });

  it("Q4 no policy names an action by a pattern, and no role has a managed policy", () => {
    const { template } = synthesized;
    const roles = Object.keys(template.findResources("AWS::IAM::Role"));
    const actions = roles.flatMap((role) => statementsOf(synthesized, role)).flatMap((one) => one.actions);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(template.findResources("AWS::IAM::ManagedPolicy")).toEqual({});
    for (const role of Object.values(template.findResources("AWS::IAM::Role"))) {
      expect(role["Properties"]).not.toHaveProperty("ManagedPolicyArns");
    }
  });

  it("A41 nobody but the gate's function and the failover's reads the kill switch, and nobody writes a parameter", () => {
    expect(whoMay(synthesized, "ssm:GetParameter", "KillSwitch")).toEqual(["coordinate", "failover"]);
    expect(whoMay(synthesized, "ssm:PutParameter")).toEqual([]);
  });

  it("A42 S11 a click and a signal release a waiting machine, nothing else does, and only intake, a command and the sweeper start one", () => {
    // A token alone permits nothing: the gate reads the stored decision, not what the machine was handed.
    expect(whoMay(synthesized, "states:SendTaskSuccess")).toEqual(["intake", "interaction"]);
    expect(whoMay(synthesized, "states:SendTaskFailure")).toEqual([]);
    expect(whoMay(synthesized, "states:StartExecution", "RespondMachine")).toEqual([
      "intake",
      "interaction",
      "sweep",
    ]);
    expect(whoMay(synthesized, "states:StartExecution", "-failover")).toEqual(["act-aws", "failover"]);
  });

  it("A0 nothing is changed on AWS but by the function for it, and only where the owner's tag allows it", () => {
    const changing =
      /^rds:(Modify|Reboot|Create|Delete|Start|Stop|Restore|Promote|Failover|Apply|Add|Remove)/;
    for (const handler of handlers) {
      const statements = statementsOf(synthesized, roleOf(synthesized, handler)).filter(({ actions }) =>
        actions.some((action) => changing.test(action)),
      );
      expect(statements.length > 0, handler).toBe(handler === "act-aws" || handler === "failover");
      for (const statement of statements)
        expect(statement.condition, statement.resources.join(" ")).toEqual(mustAskFor(statement));
    }
  });

  it("Q4 only those who talk to Slack read a secret, and only the one of Slack", () => {
    const users = ["coordinate", "failover", "interaction"];
    expect(whoMay(synthesized, "secretsmanager:GetSecretValue")).toEqual(users);
    expect(whoMay(synthesized, "secretsmanager:GetSecretValue", "slack")).toEqual(users);
  });

  it("P0 only who acts signs in as the acting user, and only who probes as the probing one", () => {
    expect(whoMay(synthesized, "rds-db:connect", "/rds_responder_act")).toEqual(acting);
    expect(whoMay(synthesized, "rds-db:connect").filter((name) => !acting.includes(name))).toEqual(probing);
  });

  it("Q4 the machine may invoke exactly the functions of its states", () => {
    const role = Object.keys(synthesized.template.findResources("AWS::IAM::Role")).find((id) =>
      id.startsWith("RespondMachineRole"),
    );
    const invoked = statementsOf(synthesized, role ?? "")
      .filter(({ actions }) => actions.includes("lambda:InvokeFunction"))
      .flatMap(({ resources }) => resources)
      .map((arn) => synthesized.handlers.get(arn.match(/^<(\w+)\.Arn>(:\*)?$/)?.[1] ?? ""));
    const states = handlers.filter(
      (handler) => !["intake", "interaction", "sweep", "failover"].includes(handler),
    );
    expect([...new Set(invoked)].sort()).toEqual(states.sort());
  });

  it("Q4 the failover's machine may invoke its own function and no other", () => {
    const role = Object.keys(synthesized.template.findResources("AWS::IAM::Role")).find((id) =>
      id.startsWith("FailoverWorkflowMachineRole"),
    );
    const invoked = statementsOf(synthesized, role ?? "")
      .filter(({ actions }) => actions.includes("lambda:InvokeFunction"))
      .flatMap(({ resources }) => resources);
    expect(invoked).not.toEqual([]);
    expect(invoked.every((arn) => arn.startsWith("<FailoverFailoverFunction"))).toBe(true);
  });
});

describe("an execution that goes on in the next one", () => {
  it("Q4 the machine may start executions of itself, and of nothing else", () => {
    const started = Object.keys(synthesized.template.findResources("AWS::IAM::Role"))
      .filter((id) => id.startsWith("RespondMachineRole"))
      .flatMap((role) => statementsOf(synthesized, role))
      .filter(({ actions }) => actions.includes("states:StartExecution"));
    expect(started).toEqual([{ actions: ["states:StartExecution"], resources: [machine] }]);
  });
});

describe("storage under a customer managed key", () => {
  const storageKey = "arn:aws:kms:eu-central-1:111122223333:key/storage";
  const withKey = synthesize({ bundle: false, config: { ...testConfig, storageKeys: [storageKey] } });

  it("A22 A28 Q4 whoever makes instances may let RDS use the key, and do nothing else with it", () => {
    expect(whoMay(withKey, "kms:CreateGrant", storageKey)).toEqual(["act-aws", "failover"]);
    const viaRds = {
      "kms:ViaService": { "Fn::Join": ["", ["rds.", { Ref: "AWS::Region" }, ".amazonaws.com"]] },
    };
    const about = statementsOf(withKey, roleOf(withKey, "act-aws")).filter(({ resources }) =>
      resources.includes(storageKey),
    );
    const resources = [storageKey];
    expect(about).toMatchObject([
      { actions: ["kms:DescribeKey"], resources, condition: { StringEquals: viaRds } },
      {
        actions: ["kms:CreateGrant"],
        resources,
        condition: { StringEquals: viaRds, Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
  });

  it("Q4 where no key is named nobody may ask for a grant", () => {
    expect(whoMay(synthesized, "kms:CreateGrant")).toEqual([]);
  });
});

describe("sign-in by secret", () => {
  const arnOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`;
  const [looks, acts, others] = [arnOf("looks-AbCdEf"), arnOf("acts-AbCdEf"), arnOf("others-AbCdEf")];
  const settingsWithSecrets = {
    database: { probeSecretArn: others },
    databases: { orders: { probeSecretArn: looks, actSecretArn: acts } },
  };
  const network = { ...testConfig.network, secretsEndpointSecurityGroupId: "sg-33333333" };
  const withSecrets = synthesize({
    bundle: false,
    config: { ...testConfig, network, settings: settingsWithSecrets },
  });

  it("P0 who looks reads the secrets for looking, who acts those for acting, and nobody both", () => {
    const read = (handler: string) => permissionsOf(withSecrets, handler)["secretsmanager:GetSecretValue"];
    const lookers = whoMay(withSecrets, "secretsmanager:GetSecretValue", looks);
    const actors = whoMay(withSecrets, "secretsmanager:GetSecretValue", acts);
    expect(lookers.map(read)).toEqual(lookers.map(() => `${looks} ${others}`));
    expect(actors.map(read)).toEqual(actors.map(() => acts));
    expect(lookers).toEqual(
      whoMay(withSecrets, "rds-db:connect", "/rds_responder").filter((name) => !actors.includes(name)),
    );
    expect(actors).toEqual(whoMay(withSecrets, "rds-db:connect", "/rds_responder_act"));
  });

  it("P0 a secret without a way to Secrets Manager fails the synth", () => {
    const config = { ...testConfig, settings: settingsWithSecrets };
    expect(() => synthesize({ bundle: false, config })).toThrow("network.secretsEndpointSecurityGroupId");
  });

  it("P0 one secret for looking and acting fails the synth", () => {
    const databases = { orders: { probeSecretArn: looks }, bills: { actSecretArn: looks } };
    const config = { ...testConfig, network, settings: { databases } };
    expect(() => synthesize({ bundle: false, config })).toThrow("settings.databases: a secret serves both");
  });
});
