import * as z from "zod";
import type { WebhookAnswer } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import { oppositeOf, type WebhookDoes, webhookDoesSchema } from "../../webhook-settings.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { sentNote } from "../sent.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check, Run, TakesBack } from "../steps.ts";

const urlSchema = z.url({ protocol: /^https?$/ });
const inputSchema = z.strictObject({
  does: webhookDoesSchema,
  url: urlSchema,
  /** What takes it back is called there; null: nothing does. */
  undoUrl: urlSchema.nullable().default(null),
  because: z.string().min(1).max(300),
});
type Input = z.infer<typeof inputSchema>;

/** What it asks for, in words. */
const asks: Readonly<Record<WebhookDoes, string>> = {
  "reset-pool": "close its pooled connections and open new ones as it needs them",
  "read-only": "write nothing for now",
  "read-write": "write again",
  "shed-load": "turn away what can wait",
  "take-load": "take all work again",
};

/** A30: a signed request to the application itself, which alone knows how it gives way. */
export const callWebhookOffer = defineOffer({
  id: "call-webhook",
  spec: ["A30", "A40", "V3"],
  title: "Ask the application",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The opposite request, where the settings have an address for it; a pool that was reset fills by itself.",
  preview: ({ url, ...input }, target) => `POST ${url}\n${bodyOf({ url, ...input }, target)}`,
  describes: ({ does, url }) => `Asks the application at ${hostOf(url)} to ${asks[does]}`,
  key: ({ does, url }) => `call-webhook ${does} ${url}`,
  lost: (input, orderId) => ({
    says: `The application at ${hostOf(input.url)} may have been asked to ${asks[input.does]}, and its answer is lost. Next: its owner looks for webhook-id ${orderId} in its log; nothing is sent again by itself.`,
    takesBack: undoOf(input),
  }),
});

export const callWebhook = /* @__PURE__ */ defineAwsAction(callWebhookOffer, {
  calls: [],
  preCheck,
  run,
  verify: async () => ({ kind: "not-verified", says: "What has become of it the next look tells." }),
} satisfies AwsRun<Input>);

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

/**
 * The same in every attempt, so that what is sent is what was shown. One secret signs for every host: by `to` a receiver
 * tells a request that was meant for another one, and by account and Region of which database it speaks.
 */
function bodyOf({ does, url: to, because }: Input, { name, group, accountId, region }: Target): string {
  const of = { database: name, group, account: accountId, region };
  return JSON.stringify({ schema: "rds-responder.webhook.v1", to, does, ...of, because });
}

const settingsRelease =
  "Whoever runs the responder puts it into policy.webhooks; or a person asks the application's owner.";

async function preCheck({ webhooks, guards, signal }: AwsWorld, { url }: Input): Promise<Check> {
  const allowed = guards.webhooks ?? { hosts: [], allowPrivate: false, signingSecretArn: null };
  if (webhooks === null)
    return refuse("no-webhooks", "Nothing of an application can be called from here.", settingsRelease);
  if (!allowed.hosts.includes(hostOf(url))) {
    return refuse("webhook-host", `${hostOf(url)} is not among policy.webhooks.hosts.`, settingsRelease);
  }
  if (allowed.signingSecretArn === null)
    return refuse("no-webhook-secret", "policy.webhooks.signingSecretArn names no secret.", settingsRelease);
  const why = await webhooks.refuses({ url, allowPrivate: allowed.allowPrivate }, signal);
  return why === null
    ? { kind: "go", says: `${hostOf(url)} may be called.` }
    : refuse("webhook-address", why, settingsRelease);
}

async function run({ webhooks, guards, signal, target, ...world }: AwsWorld, input: Input): Promise<Run> {
  const secretArn = guards.webhooks?.signingSecretArn ?? null;
  if (world.onlyLook || webhooks === null || secretArn === null) {
    const reason =
      "The order's time is over; whether an earlier attempt has reached the application only the application tells.";
    return { kind: "refuse", guard: "order-expired", reason, release: "The next assessment asks anew." };
  }
  const { url } = input;
  world.note(sentNote(`POST ${url}, webhook-id ${world.orderId}`));
  const answer = await webhooks.call(
    {
      ...{ url, secretArn, id: world.orderId, body: bodyOf(input, target) },
      allowPrivate: guards.webhooks?.allowPrivate ?? false,
    },
    signal,
  );
  return ran(answer, input, world.repeated);
}

/** Twice with one id it acts once, by the application's own care: that is said where it is sent again. */
function ran(answer: WebhookAnswer, input: Input, repeated: boolean): Run {
  const who = `The application at ${hostOf(input.url)}`;
  const undo = undoOf(input);
  if (answer.kind === "not-known") return unsure(`${who} may have been asked: ${answer.says}.`, undo);
  if (answer.kind === "not-sent") return notDone(`${who} was not reached: ${answer.says}.`, repeated, undo);
  const { status, says } = answer;
  const told = `${status}${says === "" ? "" : `: ${says}`}`;
  if (status >= 500) return unsure(`${who} answered ${told}: what it has done is not known.`, undo);
  if (status < 200 || status >= 300) return notDone(`${who} answered ${told}.`, repeated, undo);
  const isDone = status === 200 || status === 204;
  return {
    kind: "acted",
    says: `${who} answered ${told}.`,
    killed: [],
    undo,
    verdict: isDone
      ? { kind: "verified", says: "It says that this is done; whether it helps the next look tells." }
      : { kind: "not-verified", says: "It has only taken the request; the next look tells." },
  };
}

/** An application that may write nothing now has to get its way back, whatever became of the answer. */
function unsure(says: string, undo: TakesBack): Run {
  return { kind: "failed", says, undo };
}

function notDone(reason: string, repeated: boolean, undo: TakesBack): Run {
  if (repeated) return unsure(`${reason} An earlier attempt may have reached it.`, undo);
  const release = "A person asks the application's owner; redirects are not followed.";
  return { kind: "refuse", guard: "webhook-refused", reason, release };
}

function undoOf({ does, url, undoUrl, because }: Input): TakesBack {
  const undo = oppositeOf[does];
  if (undo === null || undoUrl === null) return null;
  return { actionId: "call-webhook", input: { does: undo, url: undoUrl, undoUrl: url, because } };
}
