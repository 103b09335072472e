import { type App, CfnOutput, Stack } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Settings } from "../functions/core/settings.ts";
import { accept } from "./accept-finding.ts";
import { Alarms } from "./alarms.ts";
import { type DeployConfig, reservedConcurrencyOf, settingsOf, slackApiUrlOf } from "./deploy-config.ts";
import { Failover } from "./failover.ts";
import { Intake } from "./intake.ts";
import { ActAwsFunction } from "./lambdas/act-aws-function.ts";
import { ActFunction } from "./lambdas/act-function.ts";
import { CollectFunction } from "./lambdas/collect-function.ts";
import { CoordinateFunction } from "./lambdas/coordinate-function.ts";
import { DiagnoseFunction } from "./lambdas/diagnose-function.ts";
import { IntakeFunction } from "./lambdas/intake-function.ts";
import { InteractionFunction } from "./lambdas/interaction-function.ts";
import { allow, type LambdaContext, type SignIns } from "./lambdas/lambda-context.ts";
import { ProbeFunction } from "./lambdas/probe-function.ts";
import { SweepFunction } from "./lambdas/sweep-function.ts";
import { Network } from "./network.ts";
import { type RespondFunctions, RespondWorkflow } from "./respond-workflow.ts";
import { Storage } from "./storage.ts";
import { Sweeper } from "./sweeper.ts";

/** Knows neither account nor Region: it is deployed to those of the credentials that deploy it. */
export class ResponderStack extends Stack {
  constructor(app: App, id: string, { config }: { readonly config: DeployConfig }) {
    super(app, id, { description: "rds-responder: first responder for RDS and Aurora" });
    const settings = settingsOf(config);
    const storage = new Storage(this, "Storage", settings);
    const { placement } = new Network(this, "Network", config.network);
    const slackSecret = Secret.fromSecretNameV2(this, "Slack", config.slackSecretName);
    const signIns = signInsOf(settings, config);
    const slackApiUrl = slackApiUrlOf(config);
    const reserved = reservedConcurrencyOf(config);
    const keys = config.secretKeys;
    const context: LambdaContext = {
      ...{ reserved, keys, storage, placement, slackSecret, slackApiUrl, signIns },
      storageKeys: config.storageKeys,
    };

    const steps = this.steps(context, settings.policy);
    const { machine } = new RespondWorkflow(this, "Respond", steps);
    const intake = new IntakeFunction(this, "IntakeFunction", context);
    const interaction = new InteractionFunction(this, "InteractionFunction", context);
    for (const fn of [intake, interaction]) fn.addEnvironment("STATE_MACHINE_ARN", machine.stateMachineArn);
    // They wake a machine that rests, too: a new signal is looked at at once.
    for (const fn of [intake, interaction])
      allow(fn, ["states:StartExecution", "states:SendTaskSuccess"], [machine.stateMachineArn]);

    const { coordinate, diagnose, collect, probePostgres, probeMysql } = steps;
    const { topic, rule, events } = new Intake(this, "Intake", {
      intake,
      deadLetters: storage.deadLetters,
      sleepers: [coordinate, diagnose, collect, probePostgres, probeMysql],
    });
    const sweep = new SweepFunction(this, "SweepFunction", context);
    const failover = new Failover(this, "Failover", { ...context, settings, steps });
    const sweeper = new Sweeper(this, "Sweeper", { sweep, machine, failover });

    new Alarms(this, "Alarms", {
      deadLetters: storage.deadLetters,
      machine,
      intake,
      rules: { Rule: rule, EventRule: events, ...sweeper.rules },
      interaction,
      failovers: failover.machine,
      functions: [intake, interaction, sweep, failover.function, ...Object.values(steps)],
      operatorEmail: config.operatorEmail,
    });
    new CfnOutput(this, "IntakeFunctionArn", { value: intake.functionArn, description: "Alarm action (S1)" });
    new CfnOutput(this, "AlarmTopicArn", { value: topic.topicArn, description: "Alarm topic (S3)" });
    new CfnOutput(this, "SlackInteractionUrl", { value: interaction.url.url });
    new CfnOutput(this, "FailoverStateMachineArn", { value: failover.machine.stateMachineArn });
    new CfnOutput(this, "IncidentTableName", { value: storage.incidents.tableName });
    new CfnOutput(this, "KillSwitchParameter", { value: storage.killSwitch.parameterName });
  }

  private steps(context: LambdaContext, { webhooks, schedules }: Settings["policy"]): RespondFunctions {
    const webhookSecretArn = webhooks.signingSecretArn;
    const steps = {
      coordinate: new CoordinateFunction(this, "CoordinateFunction", context),
      diagnose: new DiagnoseFunction(this, "DiagnoseFunction", context),
      collect: new CollectFunction(this, "CollectFunction"),
      probePostgres: new ProbeFunction(this, "ProbePostgresFunction", "postgres", context),
      probeMysql: new ProbeFunction(this, "ProbeMysqlFunction", "mysql", context),
      actPostgres: new ActFunction(this, "ActPostgresFunction", "postgres", context),
      actMysql: new ActFunction(this, "ActMysqlFunction", "mysql", context),
      actAws: new ActAwsFunction(this, "ActAwsFunction", { ...context, webhookSecretArn, schedules }),
    };
    for (const fn of Object.values(steps)) {
      const synchronous =
        "Invoked synchronously by Step Functions, which retries and catches; a wake-up by EventBridge may be lost.";
      accept(fn, "Serverless-LambdaDLQ", synchronous);
      accept(fn, "Serverless-LambdaAsyncFailureDestination", synchronous);
    }
    return steps;
  }
}

function signInsOf(settings: Settings, { network }: DeployConfig): SignIns {
  const all = [settings.database, ...Object.values(settings.databases)];
  const probeSecrets = unique(all.flatMap(({ probeSecretArn }) => probeSecretArn ?? []));
  const actSecrets = unique(all.flatMap(({ actSecretArn }) => actSecretArn ?? []));
  const secrets = [...probeSecrets, ...actSecrets];
  if (secrets.length > 0 && network.secretsEndpointSecurityGroupId === null) {
    throw new Error(
      "responder.config.ts is wrong:\n  network.secretsEndpointSecurityGroupId: needed, because a database signs in by secret",
    );
  }
  return {
    probe: { users: unique(all.flatMap(({ probeUser }) => probeUser ?? [])), secretArns: probeSecrets },
    act: { users: unique(all.flatMap(({ actUser }) => actUser ?? [])), secretArns: actSecrets },
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
