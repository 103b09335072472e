import type { ChannelState, LabChannel, LabMessage } from "./channel-state.ts";
import type { LabUser } from "./interaction-sender.ts";
import { threadHtml } from "./message-html.ts";
import { escapeHtml } from "./mrkdwn-html.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

export interface PageContext {
  readonly state: ChannelState;
  readonly channels: readonly LabChannel[];
  readonly users: readonly LabUser[];
}

/** Threads in the order in which they began, each root with its answers. */
export function messagesHtml({ state, users }: PageContext, live: boolean): string {
  const nameOf = (id: string): string => users.find((user) => user.id === id)?.name ?? id;
  const all = state.messages();
  const threads = all
    .filter((message) => message.threadTs === null)
    .map((root) => threadHtml(root, repliesTo(root, all), { nameOf, live }));
  return threads.length === 0 ? '<p class="empty">Nothing has been posted yet.</p>' : threads.join("");
}

function repliesTo(root: LabMessage, all: readonly LabMessage[]): readonly LabMessage[] {
  return all.filter((message) => message.threadTs === root.ts && message.channel === root.channel);
}

/** The page as served; `live` false gives a copy that needs no server and in which nothing can be clicked. */
export function pageHtml(context: PageContext, live: boolean): string {
  const name = escapeHtml(context.channels[0]?.name ?? "db-incidents");
  const channels = context.channels
    .map((one, index) => `<div class="item${index === 0 ? " on" : ""}"># ${escapeHtml(one.name)}</div>`)
    .join("");
  const options = context.users.map(
    (user) => `<option value="${escapeHtml(user.id)}">${escapeHtml(user.name)}</option>`,
  );
  const who = live ? `<label>You are <select id="user">${options.join("")}</select></label>` : "";
  const typed = `<form id="command"><input name="text" aria-label="Command" placeholder="/db status" autocomplete="off"></form>`;
  const dialog = `<dialog id="ask"><form method="dialog"><h3></h3><p></p><menu><button value="no">Back</button><button value="yes">Yes</button></menu></form></dialog><div id="warning" role="status"></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>#${name}</title><link rel="icon" href="data:,"><style>${pageStyle}</style></head>
<body><div class="app-grid"><nav><div class="workspace">Lab</div><div class="group">Channels</div>${channels}</nav>
<main><header class="channel"><b># ${name}</b><span class="topic">Database incidents: one message each, details in its thread</span>${who}</header>
<div id="messages" data-version="${context.state.version()}">${messagesHtml(context, live)}</div>${live ? typed : ""}</main></div>
${live ? `${dialog}<script>${pageScript}</script>` : ""}</body></html>
`;
}
