import type { LabBlock, LabButton, LabText } from "./block-kit-rules.ts";
import type { LabMessage } from "./channel-state.ts";
import { escapeHtml, mrkdwnHtml } from "./mrkdwn-html.ts";

export interface Rendering {
  nameOf(userId: string): string;
  /** False in a copy that nobody answers any more. */
  readonly live: boolean;
}

/** A root message and, under it, its thread. */
export function threadHtml(root: LabMessage, replies: readonly LabMessage[], rendering: Rendering): string {
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const thread =
    replies.length === 0
      ? ""
      : `<details class="thread" open id="t${idOf(root)}"><summary>${count}</summary>${replies
          .map((reply) => messageHtml(reply, rendering))
          .join("")}</details>`;
  return `<article class="root">${messageHtml(root, rendering)}${thread}</article>`;
}

function messageHtml(message: LabMessage, rendering: Rendering): string {
  const body =
    message.blocks.length === 0
      ? `<p>${mrkdwnHtml(message.text, rendering.nameOf)}</p>`
      : message.blocks.map((block) => blockHtml(block, message, rendering)).join("");
  const only = message.onlyFor === null ? "" : '<div class="only">Only visible to you</div>';
  const edited = message.editedTs === null ? "" : `<span class="edited">(edited)</span>`;
  return `<div class="message" id="p${idOf(message)}"><div class="avatar" aria-hidden="true"><svg viewBox="0 0 24 24"><ellipse cx="12" cy="5.5" rx="7" ry="2.8"/><path d="M5 5.5v13c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8v-13M5 12c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8"/></svg></div><div class="content"><div class="who"><b>rds-responder</b><span class="app">APP</span><time>${timeOf(message.ts)}</time></div>${only}${body}${edited}</div></div>`;
}

function idOf(message: LabMessage): string {
  return message.ts.replace(".", "");
}

function timeOf(ts: string): string {
  return new Date(Number.parseInt(ts, 10) * 1000).toISOString().slice(11, 16);
}

function blockHtml(block: LabBlock, message: LabMessage, rendering: Rendering): string {
  switch (block.type) {
    case "header":
      return `<h2>${escapeHtml(block.text.text)}</h2>`;
    case "section": {
      const text =
        block.text === undefined ? "" : `<div class="section">${textHtml(block.text, rendering)}</div>`;
      const fields = (block.fields ?? []).map((field) => `<div>${textHtml(field, rendering)}</div>`).join("");
      return fields === "" ? text : `${text}<div class="fields">${fields}</div>`;
    }
    case "context":
      return `<div class="context">${block.elements.map((one) => textHtml(one, rendering)).join(" ")}</div>`;
    case "divider":
      return "<hr>";
    case "actions":
      return `<div class="actions">${block.elements.map((one) => buttonHtml(one, message, rendering)).join("")}</div>`;
    default:
      return block satisfies never;
  }
}

function textHtml(text: LabText, rendering: Rendering): string {
  return text.type === "mrkdwn" ? mrkdwnHtml(text.text, rendering.nameOf) : escapeHtml(text.text);
}

function buttonHtml(button: LabButton, message: LabMessage, rendering: Rendering): string {
  const confirm =
    button.confirm === undefined
      ? ""
      : ` data-title="${escapeHtml(button.confirm.title.text)}" data-ask="${escapeHtml(button.confirm.text.text)}"`;
  const decision = button.action_id.split(":")[0] ?? "";
  return `<button type="button" class="${button.style ?? "plain"}" data-message="${escapeHtml(message.ts)}" data-decision="${escapeHtml(decision)}" data-value="${escapeHtml(button.value ?? "")}"${confirm}${rendering.live ? "" : " disabled"}>${escapeHtml(button.text.text)}</button>`;
}
