import { escapeWithin } from "./mrkdwn-text.ts";

/** Two seconds: Slack waits three for the whole click. */
const timeoutMs = 2000;

/**
 * Where Slack takes answers to a click: its own and its government's cloud.
 * https://docs.slack.dev/interactivity/handling-user-interaction https://docs.slack.dev/govslack
 */
const answerHosts: ReadonlySet<string> = new Set(["hooks.slack.com", "hooks.slack-gov.com"]);
const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * The address came in from outside and is called from inside the account: only Slack's is. A stand-in on this machine
 * is called when the deployment says that Slack itself is one.
 */
export function isSlackAnswerUrl(responseUrl: string, apiUrl: string | undefined): boolean {
  const url = URL.parse(responseUrl);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:" && url.port === "" && answerHosts.has(url.hostname)) return true;
  const api = apiUrl === undefined ? null : URL.parse(apiUrl);
  return api !== null && loopback.has(api.hostname) && loopback.has(url.hostname);
}

/**
 * A line that only the person who clicked sees. Best effort: the decision is recorded whether or not this arrives.
 * https://docs.slack.dev/interactivity/handling-user-interaction
 */
export async function answerClick(
  responseUrl: string,
  says: string,
  apiUrl?: string,
): Promise<"sent" | "not-sent" | "not-slack"> {
  if (!isSlackAnswerUrl(responseUrl, apiUrl)) return "not-slack";
  try {
    const answer = await fetch(responseUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        response_type: "ephemeral",
        replace_original: false,
        text: escapeWithin(says, 3000),
      }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok ? "sent" : "not-sent";
  } catch {
    // Nothing depends on it.
    return "not-sent";
  }
}
