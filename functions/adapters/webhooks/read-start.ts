import type { IncomingMessage } from "node:http";

/** As much of an answer as is read, and as is told; whoever answers decides neither. */
const maxBytes = 4096;
const maxTold = 200;

/** The rest is never read: the connection is closed. */
export async function readStart(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    const read = Buffer.from(chunk);
    chunks.push(read);
    bytes += read.length;
    if (bytes >= maxBytes) break;
  }
  answer.destroy();
  const text = Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, maxTold);
}
