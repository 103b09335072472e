import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import {
  type NodeFenceOrder,
  type NodeLookOrder,
  nodeFenceOutcomeSchema,
} from "../../../core/contract/failover-node.ts";
import { type NodeLook, nodeLookSchema } from "../../../core/contract/failover-topology.ts";
import type { Engine, Target } from "../../../core/contract/target.ts";
import { resolvedSchema } from "../../../core/contract/vpc-input.ts";
import { AwsError } from "../../../core/errors.ts";
import type { NodeRef } from "../../../core/failover/door/node-ref.ts";
import { rememberedTarget } from "../../../core/failover/door/remembered-target.ts";
import { nothingSaid } from "../../../core/failover/door/said.ts";
import type { Stamp } from "../../../core/failover/effect.ts";
import { orderTimes } from "../../../core/failover/order-times.ts";
import type { NodeDoor } from "../../../core/failover/ports.ts";
import type { Clock } from "../../../core/ports.ts";
import type { Settings } from "../../../core/settings.ts";
import { during } from "../attempt.ts";
import { answered } from "../aws-error.ts";
import type { ClientSettings } from "../clients.ts";

/** Names of the functions in the VPC. */
export type DoorFunctions = Readonly<Record<"look" | "fence", (engine: Engine) => string>>;

export interface LambdaDoorOptions {
  readonly client: LambdaClient;
  readonly functions: DoorFunctions;
  readonly clock: Clock;
  settings(): Promise<Settings>;
  /** RDS, which knows where a node listens. */
  find(ref: NodeRef, signal?: AbortSignal): Promise<Target | null>;
  /** Throws for whoever was deposed. */
  admit(stamp: Stamp, signal?: AbortSignal): Promise<void>;
}

/** Sent once: a function in the VPC that has the order may be at work, and a look is near anyhow. */
export function createDoorClient({ region, endpoint }: ClientSettings): LambdaClient {
  const requestHandler = { connectionTimeout: 1000, requestTimeout: 25_000, throwOnRequestTimeout: true };
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

/** The door for whoever stands outside the VPC: each look and each fence is a call of the function of its engine there. */
export function createLambdaDoor(options: LambdaDoorOptions): NodeDoor {
  const { functions, clock } = options;
  const find = rememberedTarget(options);
  const turn = async (node: string, stamp: Stamp, turned: NodeFenceOrder["turn"], signal?: AbortSignal) => {
    const target = await find(node, signal);
    if (target === null) throw new AwsError("DBInstanceNotFoundFault", true, `RDS describes no ${node}`);
    const settings = await options.settings();
    // From before it is admitted: what the lock's record says may be old by the time that its answer is here.
    const expiresAt = new Date(clock.now() + orderTimes.goodForMs).toISOString();
    await options.admit(stamp, signal);
    const group = [...(stamp.nodes ?? [])];
    const input: NodeFenceOrder = { run: stamp.run, target, settings, group, turn: turned, expiresAt };
    const name = functions.fence(target.engine);
    const answer = await invoke(options, name, { step: "fence-node", input }, signal);
    const { is, says } = nodeFenceOutcomeSchema.parse(answer);
    if (is !== "done") throw new AwsError("NotFenced", is === "refused", says ?? "no reason given");
  };
  return {
    look: async ({ id }, { nodes }, signal, _session, withinMs) => {
      const target = await find(id, signal);
      if (target === null) return unreached("RDS describes no such database", clock);
      const group = nodes.map((node) => node.id);
      const limit = withinMs === undefined ? {} : { withinMs };
      const input: NodeLookOrder = { target, settings: await options.settings(), group, ...limit };
      const answer = await invoke(
        options,
        functions.look(target.engine),
        { step: "look-at-node", input },
        signal,
      );
      return nodeLookSchema.parse(answer);
    },
    fence: (node, stamp, signal) => turn(node, stamp, "fence", signal),
    unfence: (node, stamp, signal) => turn(node, stamp, "unfence", signal),
  };
}

/** Where a name leads its clients, who are in the VPC. */
export function resolveInVpc(options: Pick<LambdaDoorOptions, "client" | "functions">) {
  return async (name: string, signal?: AbortSignal): Promise<string | null> => {
    const asked = { step: "resolve-name", input: { name } };
    const answer = await invoke(options, options.functions.look("postgres"), asked, signal);
    return resolvedSchema.parse(answer).leadsTo;
  };
}

function unreached(failedAt: string, clock: Clock): NodeLook {
  return { ...nothingSaid, at: new Date(clock.now()).toISOString(), reachable: false, failedAt };
}

const failureSchema = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** Throws where the function broke: whether it had begun nobody knows. */
async function invoke(
  { client }: Pick<LambdaDoorOptions, "client">,
  name: string,
  payload: object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) });
  const { Payload: body, FunctionError: failed } = await answered(() => client.send(command, during(signal)));
  const answer: unknown = JSON.parse(Buffer.from(body ?? []).toString("utf8") || "null");
  if (failed === undefined) return answer;
  const { errorType = failed, errorMessage = "no message" } = failureSchema.safeParse(answer).data ?? {};
  throw new AwsError(errorType, false, `${name}: ${errorMessage}`);
}
