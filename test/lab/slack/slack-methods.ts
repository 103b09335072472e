import { checkBlocks, type LabBlock } from "./block-kit-rules.ts";
import type { ChannelState, LabChannel } from "./channel-state.ts";

export type Answer = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

export interface Workspace {
  readonly state: ChannelState;
  readonly channels: readonly LabChannel[];
  readonly token: string;
  readonly pageUrl: () => string;
}

const botUser = "U0RESPOND";
export const team = { id: "T0LAB", domain: "lab" };

type Method = (workspace: Workspace, form: URLSearchParams) => Answer;

const methods: Readonly<Record<string, Method>> = {
  "auth.test": () => ({
    ok: true,
    url: "http://lab/",
    team: team.domain,
    team_id: team.id,
    user_id: botUser,
  }),
  "chat.postMessage": postMessage,
  "chat.update": updateMessage,
  "chat.getPermalink": getPermalink,
};

/** One Web API call, answered as Slack does: HTTP 200 with ok:false and a code for everything refused. */
export function callMethod(
  workspace: Workspace,
  method: string,
  token: string | null,
  form: URLSearchParams,
): Answer {
  if (token === null || token === "") return refused("not_authed");
  if (token !== workspace.token) return refused("invalid_auth");
  const run = methods[method];
  return run === undefined ? refused("unknown_method") : run(workspace, form);
}

function refused(error: string, messages: readonly string[] = []): Answer {
  return messages.length === 0 ? { ok: false, error } : { ok: false, error, response_metadata: { messages } };
}

type Content =
  | { readonly kind: "content"; text: string; blocks: LabBlock[] }
  | { readonly kind: "refused"; answer: Answer };

function contentOf(form: URLSearchParams): Content {
  const text = form.get("text") ?? "";
  const json = form.get("blocks");
  if (text.length > 40_000) return { kind: "refused", answer: refused("msg_too_long") };
  if (json === null) {
    return text === ""
      ? { kind: "refused", answer: refused("no_text") }
      : { kind: "content", text, blocks: [] };
  }
  const check = checkBlocks(json);
  if (check.kind === "valid") return { kind: "content", text, blocks: check.blocks };
  return {
    kind: "refused",
    answer: refused(
      "invalid_blocks",
      check.errors.map((error) => `[ERROR] ${error}`),
    ),
  };
}

function postMessage({ state, channels }: Workspace, form: URLSearchParams): Answer {
  const asked = (form.get("channel") ?? "").replace(/^#/, "");
  const channel = channels.find((one) => one.id === asked || one.name === asked);
  if (channel === undefined) return refused("channel_not_found");
  if (!channel.joined) return refused("not_in_channel");
  const threadTs = form.get("thread_ts");
  const content = contentOf(form);
  if (content.kind === "refused") return content.answer;
  const parent = threadTs === null ? null : state.find(channel.id, threadTs);
  if (threadTs !== null && parent === null) return refused("thread_not_found");
  // An answer to an answer lands in the same thread.
  const root = parent?.threadTs ?? parent?.ts ?? null;
  const { ts } = state.add({
    channel: channel.id,
    threadTs: root,
    text: content.text,
    blocks: content.blocks,
  });
  return {
    ok: true,
    channel: channel.id,
    ts,
    message: { type: "message", user: botUser, text: content.text, ts },
  };
}

/** Unlike a post, an edit takes the channel's id only, never its name. */
function updateMessage({ state, channels }: Workspace, form: URLSearchParams): Answer {
  const channel = channels.find((one) => one.id === form.get("channel"));
  if (channel === undefined) return refused("channel_not_found");
  const message = state.find(channel.id, form.get("ts") ?? "");
  if (message === null) return refused("message_not_found");
  const content = contentOf(form);
  if (content.kind === "refused") return content.answer;
  const { ts } = state.edit(message, content.text, content.blocks);
  return { ok: true, channel: channel.id, ts, text: content.text };
}

function getPermalink({ state, pageUrl }: Workspace, form: URLSearchParams): Answer {
  const channel = form.get("channel") ?? "";
  const ts = form.get("message_ts") ?? "";
  if (state.find(channel, ts) === null) return refused("message_not_found");
  return { ok: true, channel, permalink: `${pageUrl()}#p${ts.replace(".", "")}` };
}
