import * as z from "zod";
import type { ButtonId, InteractionAnswer, LabUser } from "./interaction-sender.ts";

export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export interface PageAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface PageSource {
  version(): number;
  page(): string;
  fragment(): string;
  press(value: string, decision: ButtonId, user: LabUser): Promise<InteractionAnswer>;
  command(text: string, user: LabUser): Promise<InteractionAnswer>;
}

const user = z.object({ id: z.string(), name: z.string() });
const clickSchema = z.object({ value: z.string(), decision: z.enum(["approve", "decline", "undo"]), user });
const commandSchema = z.object({ text: z.string(), user });

const html = "text/html; charset=utf-8";
const json = "application/json; charset=utf-8";

/** What a browser asks of the stand-in. */
export async function answerPage(request: PageRequest, source: PageSource): Promise<PageAnswer> {
  switch (`${request.method} ${request.url.pathname}`) {
    case "GET /":
      return { status: 200, type: html, body: source.page() };
    case "GET /fragment":
      return fragment(request, source);
    case "POST /click":
      return {
        status: 200,
        type: json,
        body: JSON.stringify({ warning: await press(request.body, source) }),
      };
    case "POST /command": {
      const typed = commandSchema.parse(JSON.parse(request.body));
      const { status } = await source.command(typed.text, typed.user);
      return { status, type: json, body: "{}" };
    }
    default:
      return { status: 404, type: "text/plain", body: "not found" };
  }
}

function fragment(request: PageRequest, source: PageSource): PageAnswer {
  const version = source.version();
  if (request.url.searchParams.get("after") === String(version)) return { status: 204, type: json, body: "" };
  return { status: 200, type: json, body: JSON.stringify({ version, html: source.fragment() }) };
}

/** What Slack's client would warn about; null when the app took the click. */
async function press(body: string, source: PageSource): Promise<string | null> {
  try {
    const { value, decision, user } = clickSchema.parse(JSON.parse(body));
    const { status } = await source.press(value, decision, user);
    return status === 200 ? null : `The app did not take the click (HTTP ${status}).`;
  } catch (error) {
    return `The app could not be reached: ${error instanceof Error ? error.message : String(error)}`;
  }
}
