import { waitUntil } from "../lab/engines/sql.ts";
import { respondDefinition } from "../support/synth.ts";
import { bankLab, blockAccount, fire, startBank } from "../workflow/support.ts";

export interface FirstMessage {
  readonly round: number;
  readonly firstMessageMs: number;
  readonly actedMs: number;
}

const rounds = 5;

/** The first round is cold in this process; the others are warm, as a Lambda that was used a minute ago. */
export async function firstMessage(): Promise<FirstMessage[]> {
  const [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  const measured: FirstMessage[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const fault = await blockAccount(server, 20);
      const lab = bankLab(server, definition, { mode: "auto" });
      const started = performance.now();
      let firstMessageMs = 0;
      lab.chat.onChange(() => {
        firstMessageMs ||= Math.round(performance.now() - started);
      });
      await fire(lab);
      await waitUntil(() => firstMessageMs > 0, { what: "the first message", everyMs: 2 });
      await fault.served;
      measured.push({ round, firstMessageMs, actedMs: Math.round(performance.now() - started) });
      await lab.workflow.idle();
      await fault.close();
    }
  } finally {
    await server.stopNow();
  }
  return measured;
}
