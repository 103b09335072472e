import * as z from "zod";

/**
 * What Slack refuses with invalid_blocks. Written from its reference, not from the responder's own limits, so that
 * the two can disagree: https://docs.slack.dev/reference/block-kit/blocks
 */
const text = (max: number) => z.string().min(1).max(max);
const plainText = (max: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: text(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: text(max), verbatim: z.boolean().optional() });
const anyText = (max: number) => z.discriminatedUnion("type", [plainText(max), mrkdwn(max)]);
const blockId = z.string().max(255).optional();

const confirm = z.strictObject({
  title: plainText(100),
  text: z.discriminatedUnion("type", [plainText(300), mrkdwn(300)]),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(["primary", "danger"]).optional(),
});

const button = z.strictObject({
  type: z.literal("button"),
  action_id: z.string().max(255),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm: confirm.optional(),
});

const section = z
  .strictObject({
    type: z.literal("section"),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, "section needs text or fields");

const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), block_id: blockId, text: plainText(150) }),
  section,
  z.strictObject({
    type: z.literal("context"),
    block_id: blockId,
    elements: z.array(anyText(3000)).min(1).max(10),
  }),
  z.strictObject({ type: z.literal("divider"), block_id: blockId }),
  z.strictObject({ type: z.literal("actions"), block_id: blockId, elements: z.array(button).min(1).max(25) }),
]);

export type LabText = z.infer<ReturnType<typeof anyText>>;
export type LabButton = z.infer<typeof button>;
export type LabBlock = z.infer<typeof block>;

const blocks = z
  .array(block)
  .max(50)
  .superRefine((all, context) => {
    const ids = buttonsOf(all).map((one) => one.action_id);
    if (new Set(ids).size !== ids.length)
      context.addIssue({ code: "custom", message: "action_id is not unique" });
  });

export function buttonsOf(all: readonly LabBlock[]): LabButton[] {
  return all.flatMap((one) => (one.type === "actions" ? one.elements : []));
}

export type BlocksCheck =
  | { readonly kind: "valid"; readonly blocks: LabBlock[] }
  | { readonly kind: "invalid"; readonly errors: string[] };

/** `json` is the form field as the client sends it. */
export function checkBlocks(json: string): BlocksCheck {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: "invalid", errors: ["blocks is not JSON"] };
  }
  const parsed = blocks.safeParse(value);
  if (parsed.success) return { kind: "valid", blocks: parsed.data };
  const errors = parsed.error.issues.map(
    (issue) => `${issue.message} [json-pointer:/blocks/${issue.path.join("/")}]`,
  );
  return { kind: "invalid", errors };
}
