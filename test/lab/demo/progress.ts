const started = performance.now();

/** One line of what is happening, with the time since the demo began. */
export function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

export function title(text: string): void {
  process.stdout.write(`\n── ${text} ${"─".repeat(Math.max(0, 76 - text.length))}\n`);
}

export function openBrowserHint(url: string): void {
  say(`the Slack thread, as it happens: ${url}`);
}
