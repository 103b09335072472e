import { createServer } from "node:http";
import type { HttpAnswer } from "../../../functions/handlers/interaction.ts";

/** The function URL of the deployed stack: HTTP in, the handler's event and answer behind it. */
export async function startInteractionServer(
  handler: (event: unknown) => Promise<HttpAnswer>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("base64");
      handler({ headers: request.headers, body, isBase64Encoded: true })
        .then(({ statusCode, headers = {}, body: text }) => response.writeHead(statusCode, headers).end(text))
        .catch(() => response.writeHead(500).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
