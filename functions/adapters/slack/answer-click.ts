import { escapeWithin } from "./mrkdwn-text.ts";

/** Two seconds: Slack waits three for the whole click. */
const timeoutMs = 2000;

/**
 * A line that only the person who clicked sees. Best effort: the decision is recorded whether or not this arrives.
 * https://docs.slack.dev/interactivity/handling-user-interaction
 */
export async function answerClick(responseUrl: string, says: string): Promise<void> {
  try {
    await fetch(responseUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        response_type: "ephemeral",
        replace_original: false,
        text: escapeWithin(says, 3000),
      }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    // Nothing depends on it.
  }
}
