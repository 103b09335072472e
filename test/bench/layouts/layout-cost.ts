import { startAwsEndpoint } from "../../lab/endpoint/moto.ts";
import { makeServerDirectory, removeServerDirectory } from "../../lab/engines/server-directory.ts";
import { startSlack } from "../../lab/slack/server.ts";
import { blockAccount } from "../../workflow/support.ts";
import { openAccount } from "./account.ts";
import { type ColdStart, coldStarts, startEach } from "./cold-start.ts";
import { createFleet, type Host } from "./fleet.ts";
import { type IncidentRun, runIncident, type Scene } from "./incident.ts";
import { writeRuntime } from "./lambda-process.ts";
import { type Layout, makeLayouts } from "./layout.ts";
import { type FirstMessages, firstMessages, type Round, type StateTimes, stateTimes } from "./summary.ts";
import { startTlsBank } from "./tls-bank.ts";

const rounds = 4;
const waiters = 4;
const signingSecret = "bench-signing-secret";

export interface LayoutCost {
  readonly starts: readonly ColdStart[];
  readonly firstMessages: readonly FirstMessages[];
  readonly states: readonly StateTimes[];
}

/** The old layout of functions and today's, in one run: what a cold night costs each. */
export async function layoutCost(): Promise<LayoutCost> {
  const directory = makeServerDirectory("layouts");
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const layouts = await makeLayouts(directory);
    const bank = await startTlsBank(directory);
    closing.push(() => bank.server.stopNow());
    const fault = await blockAccount(bank.server, waiters);
    closing.push(fault.close);
    const slack = await startSlack({ signingSecret });
    closing.push(slack.stop);
    const aws = await startAwsEndpoint();
    if ("unavailable" in aws) throw new Error(`no AWS endpoint: ${aws.unavailable}`);
    closing.push(aws.stop);
    const env = await openAccount({
      aws,
      settings: { thresholds: { slowQuerySeconds: 0.05, manyWaitingSeconds: 0.05 } },
      slack: { apiUrl: slack.apiUrl, botToken: slack.token, signingSecret },
      databases: Array.from({ length: 4 * (rounds + 1) }, (_, index) => `bank-${index}`),
    });
    const host = {
      runtime: writeRuntime(directory),
      env: { ...env, NODE_EXTRA_CA_CERTS: bank.certificateFile },
    };
    return await measure(layouts, host, { slack, port: bank.server.port });
  } finally {
    for (const close of closing.toReversed()) await close();
    removeServerDirectory(directory);
  }
}

/**
 * In turns, so that whatever else the machine does meets both layouts, and a function's start as well as the incident
 * it is compared with. The first round is for what nobody has touched yet.
 */
async function measure(layouts: readonly Layout[], host: Host, scene: Scene): Promise<LayoutCost> {
  let taken = 0;
  const database = (): string => `bank-${taken++}`;
  const measured = layouts.map((layout) => ({ layout, rounds: [] as Round[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { layout, rounds: own } of round % 2 === 0 ? measured : measured.toReversed()) {
      const one = await playRound(layout, host, scene, database, round <= 2);
      if (round > 0) own.push(one);
    }
  }
  return {
    starts: measured.flatMap(({ layout, rounds: own }) =>
      coldStarts(
        layout,
        own.flatMap(({ starts }) => starts),
      ),
    ),
    firstMessages: measured.map(({ layout, rounds: own }) => firstMessages(layout.name, own)),
    states: measured.flatMap(({ layout, rounds: own }) => stateTimes(layout.name, own)),
  };
}

/** `everybody` starts the functions too that a first message does not need. */
async function playRound(
  layout: Layout,
  host: Host,
  scene: Scene,
  database: () => string,
  everybody: boolean,
): Promise<Round> {
  const fleet = createFleet(layout, host);
  try {
    const cold = await runIncident(layout, fleet, scene, database());
    const warm = await runIncident(layout, fleet, scene, database());
    const events = firstEvents(cold);
    await fleet.stop();
    return {
      cold,
      warm,
      starts: await startEach(layout, host, events, (name) => everybody || events.has(name)),
    };
  } finally {
    await fleet.stop();
  }
}

/** What each function was first asked to do; being woken up is nothing to do. */
function firstEvents({ states }: IncidentRun): ReadonlyMap<string, unknown> {
  const asked = states.filter(({ state }) => !state.startsWith("Wake"));
  return new Map(asked.toReversed().map(({ fn, event }) => [fn, event]));
}
