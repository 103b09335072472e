import type { Message, MessageSection } from "../../core/contract/message.ts";
import { grouped } from "../../core/text/wording.ts";
import { type ButtonElement, limits, type Mrkdwn, type PlainText, type SlackBlock } from "./block-kit.ts";
import { codePieces, escapeWithin, plainWithin } from "./mrkdwn-text.ts";

export interface SlackMessage {
  readonly blocks: SlackBlock[];
  /** What a notification, a screen reader and a client without blocks show. */
  readonly text: string;
}

const marks = { P0: "🔴", P1: "🟠", P2: "🟡", P3: "🔵" } as const;
const codeBlocks = 3;
/** Only under these labels a value that is a user id as a whole becomes a mention; a name in SQL never does. */
const personLabels = new Set(["Approved by", "Declined by", "Acknowledged by"]);
const userId = /^[UW][A-Z0-9]{5,20}$/;

/** A message as Block Kit, always within Slack's limits: what does not fit is cut and said to be cut. */
export function toBlocks(message: Message): SlackMessage {
  const headline = markOf(message) + message.headline;
  const body = message.sections.flatMap(sectionBlocks);
  const actions = buttonBlocks(message);
  const room = limits.blocks - 1 - actions.length;
  const kept = withinTotal(body, room);
  return {
    blocks: [...headlineBlocks(headline, message), ...kept, ...actions],
    text: fallbackText(headline, message),
  };
}

function markOf(message: Message): string {
  if (message.kind === "resolution") return "🟢 ";
  const marked = message.kind === "alert" || message.kind === "escalation";
  return marked && message.severity !== null ? `${marks[message.severity]} ` : "";
}

/** A one-line note in the thread is a line, not a headline. */
function headlineBlocks(headline: string, message: Message): SlackBlock[] {
  const line = message.kind === "update" && message.sections.length === 0;
  if (line) return [{ type: "section", text: mrkdwn(escapeWithin(headline, limits.section)) }];
  return [{ type: "header", text: plain(headline, limits.header) }];
}

function fallbackText(headline: string, message: Message): string {
  const paragraph = message.sections.flatMap((section) =>
    section.kind === "fields" && section.fields.length === 1
      ? section.fields.map((field) => `${field.label}: ${field.value}`)
      : [],
  );
  return escapeWithin([headline, message.status, ...paragraph].join("\n"), limits.fallback);
}

function sectionBlocks(section: MessageSection): SlackBlock[] {
  switch (section.kind) {
    case "text":
      return [{ type: "section", text: mrkdwn(escapeWithin(orDash(section.text), limits.section)) }];
    case "note":
      return [{ type: "context", elements: [mrkdwn(escapeWithin(orDash(section.text), limits.context))] }];
    case "fields":
      return fieldBlocks(section.fields);
    case "list":
      return [{ type: "section", text: mrkdwn(listText(section.title, section.items)) }];
    case "code":
      return codeSection(section.title, section.code);
    default:
      return section satisfies never;
  }
}

function fieldBlocks(fields: readonly { label: string; value: string }[]): SlackBlock[] {
  const [only] = fields;
  if (only === undefined) return [];
  if (fields.length === 1) return [{ type: "section", text: mrkdwn(fieldText(only, limits.section)) }];
  const blocks: SlackBlock[] = [];
  for (let from = 0; from < fields.length; from += limits.fields) {
    const some = fields.slice(from, from + limits.fields);
    blocks.push({ type: "section", fields: some.map((field) => mrkdwn(fieldText(field, limits.field))) });
  }
  return blocks;
}

function fieldText(field: { label: string; value: string }, max: number): string {
  const label = `*${escapeWithin(field.label, 200)}*\n`;
  if (personLabels.has(field.label) && userId.test(field.value)) return `${label}<@${field.value}>`;
  return label + escapeWithin(orDash(field.value), max - label.length);
}

/** Long items are cut so that one of them cannot push out the others. */
function listText(title: string, items: readonly string[]): string {
  let text = `*${escapeWithin(title, 300)}*`;
  for (const [index, item] of items.entries()) {
    const line = `\n• ${escapeWithin(item.replaceAll("\n", " "), 600)}`;
    const left = `\n… and ${items.length - index} more`;
    if (text.length + line.length > limits.section - left.length) return text + left;
    text += line;
  }
  return text;
}

function codeSection(title: string, code: string): SlackBlock[] {
  const heading = `*${escapeWithin(title, 300)}*\n`;
  const room = limits.section - heading.length - "```\n\n```".length;
  const { pieces, shownCharacters, totalCharacters } = codePieces(orDash(code), room, codeBlocks);
  const blocks = pieces.map((piece, index): SlackBlock => {
    return { type: "section", text: mrkdwn(`${index === 0 ? heading : ""}\`\`\`\n${piece}\n\`\`\``) };
  });
  if (shownCharacters === totalCharacters) return blocks;
  const cut = `… cut: ${grouped(shownCharacters)} of ${grouped(totalCharacters)} characters shown; all of it is in the incident's record.`;
  return [...blocks, { type: "context", elements: [mrkdwn(cut)] }];
}

function buttonBlocks(message: Message): SlackBlock[] {
  if (message.buttons.length === 0) return [];
  const elements = message.buttons.slice(0, limits.buttons).map((button, index): ButtonElement => {
    const style = button.style === "plain" ? {} : { style: button.style };
    const confirm = button.confirm === null ? {} : { confirm: confirmation(button, button.confirm) };
    return {
      type: "button",
      // Must be unique within a message; the part before the colon is what a click means.
      action_id: `${button.id}:${index}`,
      text: plain(button.label, limits.buttonText),
      value: button.value.slice(0, limits.buttonValue),
      ...style,
      ...confirm,
    };
  });
  return [{ type: "actions", elements }];
}

function confirmation(
  button: Message["buttons"][number],
  asks: string,
): NonNullable<ButtonElement["confirm"]> {
  return {
    title: plain(`${button.label}?`, limits.confirmTitle),
    text: plain(asks, limits.confirmText),
    confirm: plain(button.label, limits.confirmButton),
    deny: plain("Back", limits.confirmButton),
    style: button.style === "danger" ? "danger" : "primary",
  };
}

/** The first blocks that fit; a person does not read more, and Slack refuses messages that are too long as a whole. */
function withinTotal(blocks: readonly SlackBlock[], room: number): SlackBlock[] {
  const kept: SlackBlock[] = [];
  let size = 0;
  for (const block of blocks) {
    size += JSON.stringify(block).length;
    const last = kept.length + 1 === room && blocks.length > room;
    if (size > limits.total || last) {
      const left = blocks.length - kept.length;
      const says = `… ${left} more part${left === 1 ? "" : "s"} left out for length; all of it is in the incident's record.`;
      return [...kept, { type: "context", elements: [mrkdwn(says)] }];
    }
    kept.push(block);
  }
  return kept;
}

function orDash(text: string): string {
  return text.trim() === "" ? "-" : text;
}

function plain(text: string, max: number): PlainText {
  return { type: "plain_text", text: plainWithin(text, max), emoji: false };
}

function mrkdwn(escaped: string): Mrkdwn {
  return { type: "mrkdwn", text: escaped, verbatim: true };
}
