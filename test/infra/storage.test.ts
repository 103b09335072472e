import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../functions/core/settings.ts";
import type { DeployConfig } from "../../lib/deploy-config.ts";
import { settingsOf } from "../../lib/deploy-config.ts";
import { synthesize, testConfig } from "../support/synth.ts";

const { template } = synthesize({ bundle: false });

describe("stores", () => {
  it("Q3 the table can be restored, cannot be deleted by mistake, outlives the stack and forgets by itself", () => {
    template.hasResource("AWS::DynamoDB::GlobalTable", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  it("Q4 the bucket of the evidence is closed to the public, encrypted, and refuses connections without TLS", () => {
    template.hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "Retain",
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.objectLike({}),
        VersioningConfiguration: { Status: "Enabled" },
      },
    });
    template.hasResourceProperties("AWS::S3::BucketPolicy", { PolicyDocument: refusingPlainText("s3:*") });
  });

  it("S9 the dead-letter queue keeps what it has for 14 days, encrypted, and refuses connections without TLS", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
    template.hasResourceProperties("AWS::SQS::QueuePolicy", { PolicyDocument: refusingPlainText("sqs:*") });
  });

  it("A41 the kill switch starts as off, under a name that a person finds at night", () => {
    template.hasResourceProperties("AWS::SSM::Parameter", {
      Name: "/rds-responder/kill-switch",
      Value: "off",
    });
  });

  it("Q5 every log group forgets, and every function writes into its own", () => {
    const groups = Object.values(template.findResources("AWS::Logs::LogGroup"));
    expect(groups.map((group) => group["Properties"].RetentionInDays)).toEqual(groups.map(() => 90));
    const used = Object.values(template.findResources("AWS::Lambda::Function")).map(
      (fn) => fn["Properties"].LoggingConfig.LogGroup.Ref,
    );
    expect(new Set(used).size).toBe(used.length);
  });
});

function refusingPlainText(action: string) {
  return {
    Statement: Match.arrayWith([
      Match.objectLike({
        Effect: "Deny",
        Action: action,
        Principal: { AWS: "*" },
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]),
  };
}

describe("settings", () => {
  const withSettings = (settings: unknown): DeployConfig => ({
    ...testConfig,
    settings: JSON.parse(JSON.stringify(settings)),
  });

  it("A41 the parameter holds every setting, as the functions read it", () => {
    const [parameter] = Object.values(
      template.findResources("AWS::SSM::Parameter", { Properties: { Name: "/rds-responder/settings" } }),
    );
    const value = JSON.parse(parameter?.["Properties"].Value);
    expect(settingsSchema.parse(value)).toEqual(value);
    expect(value.policy.approvers).toEqual(["U1"]);
  });

  it.each([
    ["a wrong word", { policy: { modes: { safe: "always" } } }, "settings.policy.modes.safe"],
    [
      "a number out of range",
      { thresholds: { cacheHitPercent: 950 } },
      "settings.thresholds.cacheHitPercent",
    ],
    ["a wrong type", { databases: { orders: { probeUser: 7 } } }, "settings.databases.orders.probeUser"],
    ["a misspelt name", { policy: { protectedUser: ["etl"] } }, "settings.policy.protectedUser"],
    ["a misspelt section", { watches: {} }, "settings.watches"],
  ])("T %s fails the synth with its path", (_, settings, path) => {
    expect(() => synthesize({ bundle: false, config: withSettings(settings) })).toThrow(path);
  });

  it("T settings that Parameter Store would refuse fail the synth", () => {
    const exempt = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`group-${index}`, "2026-11-21T00:00:00Z"]),
    );
    expect(() => settingsOf(withSettings({ exempt }))).toThrow("Parameter Store takes 8192");
  });
});
