import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type ChannelState, createChannelState, type LabChannel, type LabMessage } from "./channel-state.ts";
import { answerOf, showAnswer } from "./ephemeral-answer.ts";
import { answerFault, createFaultSwitch, type Fault, type FaultSwitch } from "./faults.ts";
import {
  type ButtonId,
  clickRequest,
  commandRequest,
  httpReceiver,
  type InteractionAnswer,
  type InteractionReceiver,
  type LabUser,
} from "./interaction-sender.ts";
import { messagesHtml, type PageContext, pageHtml } from "./page.ts";
import { answerPage, type PageRequest } from "./page-requests.ts";
import { callMethod, type Workspace } from "./slack-methods.ts";

export interface SlackOptions {
  readonly signingSecret: string;
  /** Where clicks are posted to; may become known after the start. */
  readonly interactionUrl?: string | (() => string);
  /** Takes clicks in place of the address. */
  readonly onInteraction?: InteractionReceiver;
  readonly channels?: readonly LabChannel[];
  /** Who can be chosen on the page; the first one is preset. */
  readonly users?: readonly LabUser[];
  readonly now?: () => number;
  /** A free one unless given. */
  readonly port?: number;
}

export interface SlackLab {
  /** The page that shows the channel. */
  readonly url: string;
  /** For the client's slackApiUrl. */
  readonly apiUrl: string;
  readonly token: string;
  messages(): readonly LabMessage[];
  /** Presses a button that is shown now; throws when there is none. */
  click(value: string, decision: ButtonId, user?: LabUser): Promise<InteractionAnswer>;
  /** Types "/db …" in the first channel; the answer is shown to this person alone. */
  command(text: string, user?: LabUser): Promise<InteractionAnswer>;
  setFault(fault: Fault): void;
  /** Web API calls so far, by method, faults included. */
  calls(method: string): number;
  /** A copy of the page that stands alone: no script, no server, nothing to click. */
  html(): string;
  stop(): Promise<void>;
}

const token = "xoxb-lab-token";
export const dana: LabUser = { id: "U0DANA01", name: "dana" };
const guest: LabUser = { id: "U0GUEST1", name: "guest (may not approve)" };
const defaultChannels: readonly LabChannel[] = [
  { id: "C0DBINC01", name: "db-incidents", joined: true },
  { id: "C0GENERAL", name: "general", joined: false },
];

interface Lab {
  readonly state: ChannelState;
  readonly workspace: Workspace;
  readonly page: PageContext;
  readonly faults: FaultSwitch;
  readonly counts: Map<string, number>;
  press(value: string, decision: ButtonId, user: LabUser): Promise<InteractionAnswer>;
  command(text: string, user: LabUser): Promise<InteractionAnswer>;
}

/** A stand-in for Slack on 127.0.0.1: the Web API methods that the responder calls, and a page for people. */
export async function startSlack(options: SlackOptions): Promise<SlackLab> {
  let url = "";
  const lab = createLab(options, () => url);
  const server = createServer((request, response) => {
    serve(lab, request, response).catch(() => response.destroy());
  });
  url = `http://127.0.0.1:${await listen(server, options.port ?? 0)}/`;
  return {
    url,
    apiUrl: `${url}api/`,
    token,
    messages: () => lab.state.messages(),
    click: (value, decision, user = dana) => lab.press(value, decision, user),
    command: (text, user = dana) => lab.command(text, user),
    setFault: (fault) => lab.faults.set(fault),
    calls: (method) => lab.counts.get(method) ?? 0,
    html: () => pageHtml(lab.page, false),
    stop: () => close(server),
  };
}

function createLab(options: SlackOptions, pageUrl: () => string): Lab {
  const now = options.now ?? Date.now;
  const state = createChannelState(now);
  const channels = options.channels ?? defaultChannels;
  const receiver = receiverOf(options);
  return {
    state,
    workspace: { state, channels, token, pageUrl },
    page: { state, channels, users: options.users ?? [dana, guest] },
    faults: createFaultSwitch(),
    counts: new Map(),
    press: async (value, decision, user) =>
      receiver(
        clickRequest(
          state,
          { value, decision, user },
          {
            signingSecret: options.signingSecret,
            now: now(),
            responseUrl: (message, by) => `${pageUrl()}response/${message.channel}/${message.ts}/${by.id}`,
          },
        ),
      ),
    command: async (text, user) => {
      const channel = channels[0]?.id ?? "";
      const responseUrl = `${pageUrl()}response/${channel}/0/${user.id}`;
      const answer = await receiver(
        commandRequest({ text, user }, { signingSecret: options.signingSecret, now: now(), responseUrl }),
      );
      showAnswer(state, { channel, user: user.id }, answer);
      return answer;
    },
  };
}

function receiverOf({ onInteraction, interactionUrl }: SlackOptions): InteractionReceiver {
  if (onInteraction !== undefined) return onInteraction;
  if (interactionUrl === undefined) return async () => ({ status: 404, body: "no interaction URL is set" });
  return httpReceiver(typeof interactionUrl === "string" ? () => interactionUrl : interactionUrl);
}

async function serve(lab: Lab, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await textOf(request);
  if (url.pathname.startsWith("/api/"))
    return serveApi(lab, url.pathname.slice("/api/".length), request, body, response);
  if (url.pathname.startsWith("/response/")) {
    const status = answerOf(lab.state, url.pathname.split("/"), body);
    return void response.writeHead(status, { "content-type": "text/plain" }).end(status === 200 ? "ok" : "");
  }
  const asked: PageRequest = { method: request.method ?? "GET", url, body };
  const answer = await answerPage(asked, {
    version: () => lab.state.version(),
    page: () => pageHtml(lab.page, true),
    fragment: () => messagesHtml(lab.page, true),
    press: lab.press,
    command: lab.command,
  });
  response
    .writeHead(answer.status, { "content-type": answer.type, "cache-control": "no-store" })
    .end(answer.body);
}

async function serveApi(
  lab: Lab,
  method: string,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  lab.counts.set(method, (lab.counts.get(method) ?? 0) + 1);
  const fault = lab.faults.next();
  if (answerFault(fault, response)) return;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
  const answer = callMethod(lab.workspace, method, bearer, new URLSearchParams(body));
  if (fault.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(answer));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
