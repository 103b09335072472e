import * as z from "zod";
import type { FailoverState } from "../../../functions/core/contract/failover-machine.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { makeServerDirectory, removeServerDirectory } from "../engines/server-directory.ts";
import type { InteractionReceiver } from "../slack/interaction-sender.ts";
import { type SlackLab, startSlack } from "../slack/server.ts";
import { createAlarm, type Way } from "./alarms.ts";
import { type AwsCalls, startAwsCalls } from "./aws-calls.ts";
import { type Cdk, cdkOf, type Outputs } from "./cdk.ts";
import { orderChange } from "./change.ts";
import { type Attempted, type Runs, runsOf, tryForbiddenCalls } from "./checks.ts";
import { inReverse } from "./closing.ts";
import { startDatabases } from "./databases.ts";
import { type Played, playIncident } from "./incidents.ts";
import { type Access, type Account, startAccount } from "./ministack.ts";
import { recordsOf } from "./records.ts";
import { rehearse } from "./rehearsal.ts";
import {
  type AccountDatabase,
  createInstances,
  createNetwork,
  createSecrets,
  deployConfig,
  type Secrets,
} from "./resources.ts";
import { describeStack } from "./stack.ts";

/** What a deployment did between its first alarm and its last resolution. */
export interface TriedOut {
  readonly source: string;
  readonly played: readonly Played[];
  readonly runs: readonly Runs[];
  /** Every decision of IAM on the way; null where the endpoint does not tell. */
  readonly decisions: readonly Access[] | null;
  readonly attempted: readonly Attempted[];
  /** What the function that changes things on AWS answered to an order that does not fit. */
  readonly change: Outcome;
  /** How a failover of the first database that was only rehearsed ended. */
  readonly rehearsal: FailoverState;
}

interface Plan {
  readonly name: string;
  readonly mode: AccountDatabase["mode"];
  readonly way: Way;
}

/** One incident for each way in; each a different amount of help that the responder is allowed to give. */
const plans: readonly Plan[] = [
  { name: "orders", mode: "auto", way: "sns" },
  { name: "billing", mode: "observe", way: "eventbridge" },
  { name: "shipping", mode: "approve", way: "lambda" },
];

const signingSecret = "lab-signing-secret";

/** Deploys the stack into an account made for it, lets three incidents happen, and stops everything. */
export async function tryOut(say: (text: string) => void): Promise<TriedOut> {
  const { opened, close } = inReverse();
  try {
    const account = opened(await startAccount());
    say(`an account on ${account.source}, IAM enforced`);
    const directory = opened(workshop());
    const calls = opened(startAwsCalls(account, directory.path));
    const cdk = cdkOf(account, directory.path);
    const bootstrapped = cdk.bootstrap().then(() => say("bootstrapped"));
    opened({ stop: () => bootstrapped.catch(() => undefined) });

    const engines = opened(await startDatabases(account.python, directory.path));
    const databases = plans.map(({ name, mode }, index) => ({ name, mode, server: engines.at(index) }));
    for (const { name, server } of databases) say(`${name}: ${server.engine} ${server.version}, TLS`);
    let interactionUrl = "";
    const slack = opened(await startSlack({ signingSecret, onInteraction: patiently(() => interactionUrl) }));
    const secrets = await createSecrets(calls, { botToken: slack.token, signingSecret });
    await synthesize(calls, cdk, { databases, secrets, slack, authority: engines.authority });
    say("synthesized");
    await bootstrapped;
    const outputs = await cdk.deploy("rds-responder");
    interactionUrl = reachable(outputs.SlackInteractionUrl, account);
    say("deployed");
    return {
      source: account.source,
      ...(await operate({ account, calls, slack, databases, secrets, outputs, say })),
    };
  } finally {
    await close();
    say("everything stopped");
  }
}

/** Slack waits three seconds; a cold start on a machine that also runs the databases and the account may take longer. */
function patiently(url: () => string): InteractionReceiver {
  return async ({ headers, body }) => {
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(url(), { method: "POST", headers, body, signal });
    return { status: response.status, body: await response.text() };
  };
}

/** A folder that goes also when this process is told to. */
function workshop() {
  const path = makeServerDirectory("deployment");
  const stop = () => removeServerDirectory(path);
  process.once("exit", stop);
  return { path, stop };
}

interface Ready {
  readonly databases: readonly AccountDatabase[];
  readonly secrets: Secrets;
  readonly slack: SlackLab;
}

async function synthesize(
  calls: AwsCalls,
  cdk: Cdk,
  ready: Ready & { readonly authority: string },
): Promise<void> {
  const network = await createNetwork(calls, ready.databases);
  await createInstances(calls, ready.databases);
  await cdk.synth(
    deployConfig(network, ready.secrets, { slackUrl: ready.slack.apiUrl, authority: ready.authority }),
  );
}

interface Running extends Ready {
  readonly account: Account;
  readonly calls: AwsCalls;
  readonly outputs: Outputs;
  say(text: string): void;
}

async function operate({ account, calls, slack, databases, secrets, outputs, say }: Running) {
  const stack = await describeStack(calls, "rds-responder");
  for (const { name, way } of plans) await createAlarm(calls, way, name, outputs);
  const sweeper = stack.functions.find(({ logicalId }) => logicalId.startsWith("Sweep"))?.name;
  const parameters = { FunctionName: sweeper, InvocationType: "Event" };
  const sweep = async () => {
    await calls.call({ service: "lambda", operation: "invoke", parameters }, z.unknown());
  };
  const stage = { account, calls, records: recordsOf(calls, stack), slack, sweep, say };
  const played = await Promise.all(
    databases.map((database, index) => playIncident(stage, database, plans[index]?.way ?? "sns")),
  );
  const change = await orderChange(calls, stack, "orders");
  const rehearsal = await rehearse(calls, outputs.FailoverStateMachineArn, "orders");
  say(`a failover of orders, rehearsed: ${rehearsal.status}`);
  const decisions = account.ledger();
  const runs = await runsOf(calls, stack);
  const attempted = await tryForbiddenCalls(calls, stack, secrets);
  return { played, runs, decisions, attempted, change, rehearsal };
}

/** ministack tells a function's address as AWS has it, and answers on its own. */
function reachable(url: string, { endpoint }: Account): string {
  const [id, ...rest] = new URL(url).hostname.split(".");
  return rest.at(-1) === "aws" ? `${endpoint}/_aws/lambda-url/${id}/` : url;
}
