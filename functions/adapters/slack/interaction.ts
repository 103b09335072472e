import * as z from "zod";

/** An HTTP request as API Gateway and function URLs hand it over. */
export interface InteractionRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null | undefined;
  readonly isBase64Encoded: boolean;
}

export type Interaction =
  | {
      readonly kind: "decision";
      readonly approvalId: string;
      readonly decision: "approve" | "decline";
      /** Slack user id; the only thing approvers are known by. */
      readonly by: string;
      readonly userName: string | null;
      readonly channel: string;
      readonly messageTs: string;
      /** With message and user, tells a second delivery of one click from a second click. */
      readonly actionTs: string;
      readonly teamId: string | null;
      readonly appId: string | null;
      /** Takes up to five answers within 30 min, shown to this person only if asked so. */
      readonly responseUrl: string | null;
    }
  | {
      readonly kind: "undo";
      readonly incidentId: string;
      /** The order that is to be taken back. */
      readonly orderId: string;
      readonly by: string;
      readonly responseUrl: string | null;
    }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const payloadSchema = z.object({
  type: z.string(),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  api_app_id: z.string().optional(),
  response_url: z.url().optional(),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string().optional(), channel_id: z.string().optional() }).optional(),
  message: z.object({ ts: z.string() }).optional(),
  actions: z
    .array(
      z.object({
        type: z.string(),
        action_id: z.string(),
        value: z.string().optional(),
        action_ts: z.string(),
      }),
    )
    .optional(),
});
type Payload = z.infer<typeof payloadSchema>;

/** Larger than any click Slack sends: the message that carries the button comes along, and ours have a limit too. */
const maxBodyCharacters = 256 * 1024;

/** Known before anything is decoded or hashed; base64 makes four characters of three. */
export function isTooLarge({ body, isBase64Encoded }: InteractionRequest): boolean {
  return (body ?? "").length > (isBase64Encoded ? Math.ceil(maxBodyCharacters / 3) * 4 : maxBodyCharacters);
}

/** The bytes that Slack signed: gateways deliver them base64-encoded when they please. */
export function rawBodyOf(request: InteractionRequest): string {
  const body = request.body ?? "";
  return request.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
}

/** What a click means. Says nothing about whether it is genuine: the signature is checked before, on the raw body. */
export function parseInteraction(request: InteractionRequest): Interaction {
  if (!contentTypeOf(request).includes("application/x-www-form-urlencoded")) {
    return malformed("the content type is not application/x-www-form-urlencoded");
  }
  if (isTooLarge(request)) return malformed(`the body has ${request.body?.length ?? 0} characters`);
  const body = rawBodyOf(request);
  const form = new URLSearchParams(body).get("payload");
  if (form === null) return malformed("there is no field payload");
  const json = parseJson(form);
  if (json === undefined) return malformed("payload is not JSON");
  const payload = payloadSchema.safeParse(json);
  if (!payload.success) return malformed(`payload: ${firstIssue(payload.error)}`);
  return meaningOf(payload.data);
}

function meaningOf(payload: Payload): Interaction {
  if (payload.type !== "block_actions") return ignored(`interaction of type ${payload.type.slice(0, 50)}`);
  const action = payload.actions?.find((one) => one.type === "button" && decisionOf(one.action_id) !== null);
  if (action === undefined) return ignored("no button of the responder");
  const decision = decisionOf(action.action_id);
  const channel = payload.channel?.id ?? payload.container?.channel_id;
  const messageTs = payload.container?.message_ts ?? payload.message?.ts;
  if (decision === null || !action.value) return malformed("the button has no value");
  if (decision === "undo") return undoOf(action.value, payload);
  if (channel === undefined || messageTs === undefined) return malformed("it names no message");
  return {
    kind: "decision",
    approvalId: action.value,
    decision,
    by: payload.user.id,
    userName: payload.user.username ?? payload.user.name ?? null,
    channel,
    messageTs,
    actionTs: action.action_ts,
    teamId: payload.team?.id ?? null,
    appId: payload.api_app_id ?? null,
    responseUrl: payload.response_url ?? null,
  };
}

/** Its value is "incident/order". */
function undoOf(value: string, { user, response_url }: Payload): Interaction {
  const [, incidentId, orderId] = /^([\w-]+)\/([\w-]+)$/.exec(value) ?? [];
  if (incidentId === undefined || orderId === undefined) return malformed("the button names no order");
  return { kind: "undo", incidentId, orderId, by: user.id, responseUrl: response_url ?? null };
}

/** Action ids are "approve:0", "decline:1" (see toBlocks). */
function decisionOf(actionId: string): "approve" | "decline" | "undo" | null {
  const [word] = actionId.split(":");
  return word === "approve" || word === "decline" || word === "undo" ? word : null;
}

function contentTypeOf(request: InteractionRequest): string {
  const header = Object.entries(request.headers).find(([name]) => name.toLowerCase() === "content-type");
  return (header?.[1] ?? "").toLowerCase();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "wrong shape" : `${issue.path.join(".")}: ${issue.message}`;
}

function ignored(reason: string): Interaction {
  return { kind: "ignored", reason };
}

function malformed(reason: string): Interaction {
  return { kind: "malformed", reason };
}
