/** The part of Block Kit that the responder sends. https://docs.slack.dev/reference/block-kit/blocks */
export interface PlainText {
  type: "plain_text";
  text: string;
  /** False: ":name:" in an alarm's name stays what it is. */
  emoji: false;
}

export interface Mrkdwn {
  type: "mrkdwn";
  text: string;
  /** True: Slack makes no links or mentions of its own out of "#name", "@name" and addresses. */
  verbatim: true;
}

export interface ButtonElement {
  type: "button";
  action_id: string;
  text: PlainText;
  value: string;
  style?: "primary" | "danger";
  confirm?: {
    title: PlainText;
    text: PlainText;
    confirm: PlainText;
    deny: PlainText;
    style: "primary" | "danger";
  };
}

export type SlackBlock =
  | { type: "header"; text: PlainText }
  | { type: "section"; text: Mrkdwn }
  | { type: "section"; fields: Mrkdwn[] }
  | { type: "context"; elements: Mrkdwn[] }
  | { type: "actions"; elements: ButtonElement[] };

/** Limits that Slack refuses a message for, of the same pages; `total` is the responder's own, for people. */
export const limits = {
  blocks: 50,
  header: 150,
  section: 3000,
  field: 2000,
  fields: 10,
  context: 3000,
  buttons: 25,
  buttonText: 75,
  buttonValue: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** Of the fallback text: what Slack recommends; it cuts at 40,000. */
  fallback: 4000,
  /** Of all blocks of one message together. */
  total: 12_000,
} as const;
