import { type LogClient, logged } from "./postgres-log.ts";

/** One line each so many minutes, from the first to the last, of clients that differ by port and process. */
export function everySoOften(
  { from, to, apart }: { readonly from: number; readonly to: number; readonly apart: number },
  client: Omit<LogClient, "pid">,
  says: readonly string[],
): string[] {
  const count = Math.floor((from - to) / apart) + 1;
  return Array.from({ length: count }, (_, index) => {
    const who = { ...client, host: `${client.host ?? ""}(${51_200 + index * 7})`, pid: 9_300 + index * 3 };
    return says.map((line) => logged(from - index * apart, who, line));
  }).flat();
}
