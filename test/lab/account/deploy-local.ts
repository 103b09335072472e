import { say, title } from "../demo/progress.ts";
import { summaryOf } from "./summary.ts";
import { tryOut } from "./try-out.ts";

/**
 * `npm run deploy:local`: the stack as synthesized, deployed to an account that is not Amazon's, and three incidents on
 * real databases driven through it. Ends by itself and leaves nothing running.
 */
// Exiting, unlike dying of the signal, lets everything that was started be ended.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

title("rds-responder, deployed");
const { lines, complaints } = summaryOf(await tryOut(say));
title("Summary");
for (const line of lines) say(line);
for (const complaint of complaints) say(`NOT AS IT SHOULD BE: ${complaint}`);
process.exitCode = complaints.length === 0 ? 0 : 1;
