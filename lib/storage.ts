import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { ParameterTier, StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import type { Settings } from "../functions/core/settings.ts";
import { accept } from "./accept-finding.ts";

/** What outlives an execution: incidents and audit, evidence, settings, the kill switch, what was not understood. */
export class Storage extends Construct {
  readonly incidents: TableV2;
  readonly evidence: Bucket;
  readonly settings: StringParameter;
  readonly killSwitch: StringParameter;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.incidents = new TableV2(this, "Incidents", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "ttl",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.evidence = this.evidenceBucket();
    const { stackName } = Stack.of(this);
    this.settings = new StringParameter(this, "Settings", {
      parameterName: `/${stackName}/settings`,
      description: "Settings of rds-responder; functions/core/settings.ts documents them",
      stringValue: JSON.stringify(settings),
      tier: ParameterTier.INTELLIGENT_TIERING,
    });
    // Leave its properties as they are: a deployment that changes any of them writes "off" over an engaged switch.
    this.killSwitch = new StringParameter(this, "KillSwitch", {
      parameterName: `/${stackName}/kill-switch`,
      description: 'Actions of rds-responder: "off" lets them happen, "engaged: <why>" stops every one',
      stringValue: "off",
    });
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    accept(this.deadLetters, "AwsSolutions-SQS3", "It is the dead-letter queue.");
    accept(this.deadLetters, "Serverless-SQSRedrivePolicy", "It is the dead-letter queue.");
  }

  private evidenceBucket(): Bucket {
    const bucket = new Bucket(this, "Evidence", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(400),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(
      bucket,
      "AwsSolutions-S1",
      "One function writes here and none reads; who else looks is in CloudTrail's data events, without a second bucket.",
    );
    return bucket;
  }
}
